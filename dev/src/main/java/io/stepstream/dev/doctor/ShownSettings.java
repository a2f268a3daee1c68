package io.stepstream.dev.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings, of which only those have a value that are known to be no secret. Of other settings of
 * ours there is the name, since that they are set is worth knowing; of everything else nothing.
 */
final class ShownSettings {

  private static final Set<String> SHOWN =
      Set.of(
          "stepstream.kafka.bootstrap.servers",
          "stepstream.kafka.client.security.protocol",
          "stepstream.kafka.client.sasl.mechanism",
          "stepstream.kafka.client.streams.producer.linger.ms",
          "stepstream.kafka.client.streams.producer.compression.type",
          "stepstream.kafka.client.streams.poll.ms",
          "stepstream.kafka.client.streams.commit.interval.ms",
          "stepstream.partitions",
          "stepstream.state.dir",
          "stepstream.topics.queue-partitions",
          "stepstream.topics.replication-factor",
          "stepstream.topics.min-insync-replicas",
          "stepstream.coordinator.enabled",
          "stepstream.coordinator.threads",
          "stepstream.coordinator.standbys",
          "stepstream.coordinator.address",
          "stepstream.coordinator.definition-cache-bytes",
          "stepstream.coordinator.index-payloads",
          "stepstream.express.transitions",
          "stepstream.aws.region",
          "stepstream.api.maximum-request-bytes",
          "stepstream.api.event-streams",
          "stepstream.api.event-heartbeat",
          "stepstream.api.activity-wait",
          "stepstream.api.hosts",
          "stepstream.api.drain-delay",
          "stepstream.api.drain",
          "stepstream.security.session-lifetime",
          "stepstream.security.secure-cookies",
          "stepstream.security.body-patience",
          "stepstream.security.requests-per-second",
          "stepstream.security.request-burst",
          "stepstream.worker.enabled",
          "stepstream.worker.queues",
          "stepstream.worker.pool",
          "stepstream.worker.permits",
          "stepstream.worker.source",
          "stepstream.worker.linger",
          "stepstream.worker.lanes",
          "stepstream.worker.maximum-lanes",
          "stepstream.worker.drain",
          "quarkus.http.host",
          "quarkus.http.port",
          "quarkus.http.http2",
          "quarkus.http.limits.max-body-size",
          "quarkus.http.idle-timeout",
          "quarkus.log.level",
          // In a file of Kafka's client properties.
          "security.protocol",
          "sasl.mechanism");

  private static final Pattern OURS = Pattern.compile("(stepstream|quarkus)\\.[a-z0-9.\\-]{1,100}");

  /** Numbers, words, paths, lists of addresses: nothing with a user and a password in it. */
  private static final Pattern VALUE = Pattern.compile("[\\w.:/,\\-]{0,200}");

  private final ArrayNode all = JsonNodeFactory.instance.arrayNode();

  /**
   * Adds settings of a file.
   *
   * @param source what the file is called
   */
  void add(String source, Map<String, String> settings) {
    new TreeMap<>(settings)
        .forEach(
            (key, value) -> {
              if (SHOWN.contains(key)) {
                put(source, key, value);
              } else if (OURS.matcher(key).matches()) {
                put(source, key, null);
              }
            });
  }

  /** Adds those of an environment's variables that are settings of ours. */
  void addEnvironment(Map<String, String> environment) {
    new TreeMap<>(environment)
        .forEach(
            (variable, value) -> {
              String shown = null;
              for (String key : SHOWN) {
                if (variable(key).equals(variable)) {
                  shown = key;
                }
              }
              String key = variable.toLowerCase(Locale.ROOT).replace('_', '.');
              if (shown != null) {
                put("environment", shown, value);
              } else if (OURS.matcher(key).matches()) {
                put("environment", key, null);
              }
            });
  }

  ArrayNode all() {
    return all;
  }

  private void put(String source, String key, @Nullable String value) {
    ObjectNode setting = all.addObject().put("from", source).put("key", key);
    if (value == null || !VALUE.matcher(value).matches()) {
      setting.put("value", Kept.WITHHELD);
    } else {
      setting.put("value", value);
    }
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}
