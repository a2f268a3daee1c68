package io.stepstream.coordinator.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the secrets come from that task tokens are signed with. */
final class TokenSecrets {

  private static final Logger LOG = LoggerFactory.getLogger(TokenSecrets.class);

  private TokenSecrets() {}

  /**
   * The secrets, the one that signs first.
   *
   * @param clusterId asked for when nothing is configured
   * @throws IllegalStateException the file has no key, or there are both settings
   * @throws UncheckedIOException the file can't be read
   */
  static List<byte[]> of(NodeConfig.TaskTokensConfig config, Supplier<String> clusterId) {
    List<String> secrets = config.keys().orElse(List.of());
    if (config.keysFile().isPresent()) {
      if (!secrets.isEmpty()) {
        throw new IllegalStateException(
            "stepstream.task-tokens.keys and stepstream.task-tokens.keys-file exclude each other");
      }
      secrets = lines(config.keysFile().get());
    }
    if (secrets.isEmpty()) {
      LOG.warn(
          "Task tokens are signed with a key that anyone can compute who knows the Kafka cluster's"
              + " id: set stepstream.task-tokens.keys or stepstream.task-tokens.keys-file, the same"
              + " on all nodes");
      secrets = List.of("cluster " + clusterId.get());
    }
    return secrets.stream().map(secret -> secret.getBytes(StandardCharsets.UTF_8)).toList();
  }

  static String clusterId(Admin admin) {
    try {
      return admin.describeCluster().clusterId().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("The Kafka cluster doesn't tell its id", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the Kafka cluster was asked", e);
    }
  }

  private static List<String> lines(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file).stream().map(String::strip).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("stepstream.task-tokens.keys-file can't be read", e);
    }
    List<String> secrets = lines.stream().filter(line -> !line.isEmpty()).toList();
    if (secrets.isEmpty()) {
      throw new IllegalStateException(
          "the file of stepstream.task-tokens.keys-file has no key: " + file);
    }
    return secrets;
  }
}
