package io.stepstream.dev.doctor;

import io.stepstream.schemas.acl.Component;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is looked at.
 *
 * @param bootstrapServers null: no brokers
 * @param kafkaClient properties of Kafka's clients beside that: {@code security.protocol}, {@code
 *     sasl.*}, {@code ssl.*}
 * @param as whose rights are looked at; null: nobody's
 * @param endpoints of nodes or of a load balancer before them; none: no nodes
 * @param apiKey shows who asks; null: the endpoints ask nobody
 * @param directory whose disk is looked at
 * @param stateDirectory a coordinator's; null: none
 */
public record Installation(
    @Nullable String bootstrapServers,
    Map<String, String> kafkaClient,
    @Nullable Component as,
    List<URI> endpoints,
    @Nullable String apiKey,
    Path directory,
    @Nullable Path stateDirectory) {

  private static final String CALL_MILLIS = "10000";
  private static final String REQUEST_MILLIS = "5000";

  public Installation {
    kafkaClient = Map.copyOf(kafkaClient);
    endpoints = List.copyOf(endpoints);
  }

  /**
   * For clients, which give up soon.
   *
   * @param servers of the brokers
   */
  Map<String, Object> kafka(String servers) {
    Map<String, Object> config = new HashMap<>(kafkaClient);
    config.put("bootstrap.servers", servers);
    config.put("default.api.timeout.ms", CALL_MILLIS);
    config.put("request.timeout.ms", REQUEST_MILLIS);
    return config;
  }

  /** An endpoint as it may be shown: without a password that is in it. */
  static String shown(URI endpoint) {
    return endpoint.getScheme()
        + "://"
        + endpoint.getHost()
        + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort());
  }
}
