package io.stepstream.dev.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Where an embedded broker keeps its log and where it listens.
 *
 * @param directory the broker's log directory; made and formatted when it is empty
 * @param port the port for clients on the loopback address; 0 picks a free one
 * @param controllerPort the port of the controller quorum, which only the broker itself uses; 0
 *     picks a free one
 * @param overrides broker properties that win over the defaults of {@link EmbeddedBroker}
 */
public record BrokerSettings(
    Path directory, int port, int controllerPort, Map<String, String> overrides) {

  public BrokerSettings {
    Objects.requireNonNull(directory);
    requirePort(port);
    requirePort(controllerPort);
    overrides = Map.copyOf(overrides);
  }

  /** A broker in {@code directory} on free ports. */
  public static BrokerSettings in(Path directory) {
    return new BrokerSettings(directory, 0, 0, Map.of());
  }

  /** The same broker with its client port fixed. */
  public BrokerSettings withPort(int clientPort) {
    return new BrokerSettings(directory, clientPort, controllerPort, overrides);
  }

  private static void requirePort(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }
}
