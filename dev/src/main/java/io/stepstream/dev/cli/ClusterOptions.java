package io.stepstream.dev.cli;

import io.stepstream.dev.Refusal;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a Kafka cluster is, and as whom to ask it. */
final class ClusterOptions {

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "The Kafka cluster.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description =
          "A file of Kafka's client properties, as its command line tools take it: sasl.*, ssl.*.")
  private @Nullable Path kafkaConfig;

  /** Null: none is named. */
  @Nullable String bootstrapServers() {
    return bootstrapServers;
  }

  /**
   * The file's properties.
   *
   * @throws Refusal when it can't be read
   */
  Map<String, String> client() throws Refusal {
    Map<String, String> client = new HashMap<>();
    if (kafkaConfig != null) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(kafkaConfig)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new Refusal(
            "--kafka-config " + kafkaConfig + " can't be read",
            "Give a file of properties, such as client.properties",
            e);
      }
      properties.stringPropertyNames().forEach(key -> client.put(key, properties.getProperty(key)));
    }
    return client;
  }
}
