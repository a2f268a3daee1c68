package io.stepstream.coordinator.api;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How the API behaves towards its clients. */
public interface ApiConfig {

  /**
   * Largest request, in bytes. AWS takes 1 MB; a definition of 1 MB grows when it is written as a
   * JSON string.
   */
  @WithDefault("2097152")
  long maximumRequestBytes();

  /**
   * Key of the MAC in page tokens; all nodes must have the same. Who forges a token reads no more
   * than by asking without one, so the default will do where nobody distributes secrets.
   */
  @WithDefault("stepstream")
  String pageTokenKey();

  /**
   * How many streams of events may be open on this node. One whose client is slow keeps up to 8 MB.
   */
  @WithDefault("100")
  int eventStreams();

  /**
   * How often a stream of events says that it is alive while nothing happens: more often than
   * proxies between it and the client give up on a silent connection.
   */
  @WithDefault("15s")
  @WithConverter(DurationConverter.class)
  Duration eventHeartbeat();

  /** How long GetActivityTask waits for a task. AWS's clients expect a minute. */
  @WithDefault("60s")
  @WithConverter(DurationConverter.class)
  Duration activityWait();

  /**
   * How long a node that is told to stop takes new calls, being not ready any more: load balancers
   * learn of that late.
   */
  @WithDefault("2s")
  @WithConverter(DurationConverter.class)
  Duration drainDelay();

  /** How long the calls that were let in may take after that; the rest is told to ask again. */
  @WithDefault("10s")
  @WithConverter(DurationConverter.class)
  Duration drain();

  /**
   * The names under which browsers may call this node, beside its IP addresses and localhost:
   * others may be a foreign page's whose name was led here.
   */
  Optional<List<String>> hosts();
}
