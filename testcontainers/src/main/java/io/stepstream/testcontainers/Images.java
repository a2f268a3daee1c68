package io.stepstream.testcontainers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import org.testcontainers.utility.DockerImageName;

/** The images that this version is made for. */
final class Images {

  private Images() {}

  static DockerImageName coordinator() {
    return DockerImageName.parse(name("coordinator"));
  }

  static DockerImageName kafka() {
    return DockerImageName.parse(name("kafka")).asCompatibleSubstituteFor("apache/kafka");
  }

  /** What makes one broker enough, and a test quick. */
  static Map<String, String> brokerSettings() {
    return Map.of(
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1",
        // A worker gets its queues at its second heartbeat, which by default is 5 s after the
        // first.
        "KAFKA_GROUP_SHARE_MIN_HEARTBEAT_INTERVAL_MS", "500",
        "KAFKA_GROUP_SHARE_HEARTBEAT_INTERVAL_MS", "500",
        "KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000");
  }

  private static String name(String image) {
    Properties properties = new Properties();
    try (InputStream file = Images.class.getResourceAsStream("images.properties")) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty(image);
  }
}
