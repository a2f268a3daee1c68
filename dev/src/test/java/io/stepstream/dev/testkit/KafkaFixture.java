package io.stepstream.dev.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.dev.Refusal;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The Kafka that the tests of this JVM share; tests take it as a parameter, see {@link
 * KafkaExtension}.
 *
 * <p>The system property {@code stepstream.test.kafka} chooses the provider: {@code embedded} (the
 * default), {@code testcontainers}, or {@code auto}, which takes a container when a Docker engine
 * answers.
 */
public final class KafkaFixture implements AutoCloseable {
  private final AtomicInteger names = new AtomicInteger();
  private final String bootstrapServers;
  private final Runnable stop;
  private final @Nullable Path directory;
  private final Admin admin;

  private KafkaFixture(String bootstrapServers, Runnable stop, @Nullable Path directory) {
    this.bootstrapServers = bootstrapServers;
    this.stop = stop;
    this.directory = directory;
    this.admin =
        Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
  }

  /** Starts the provider that the system property names. */
  static KafkaFixture start() {
    String provider = System.getProperty("stepstream.test.kafka", "embedded");
    return switch (provider) {
      case "embedded" -> embedded();
      case "testcontainers" -> container();
      case "auto" -> DockerClientFactory.instance().isDockerAvailable() ? container() : embedded();
      default ->
          throw new IllegalArgumentException(
              "stepstream.test.kafka is embedded, testcontainers or auto, not " + provider);
    };
  }

  private static KafkaFixture embedded() {
    try {
      Path directory = Files.createTempDirectory("stepstream-kafka-");
      EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.in(directory));
      return new KafkaFixture(broker.bootstrapServers(), broker::close, directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Refusal e) {
      throw new IllegalStateException(e);
    }
  }

  private static KafkaFixture container() {
    KafkaContainer container =
        new KafkaContainer(DockerImageName.parse("apache/kafka:4.3.1"))
            .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
            .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1")
            .withEnv("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000");
    container.start();
    return new KafkaFixture(container.getBootstrapServers(), container::stop, null);
  }

  /** {@code host:port} for clients. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** A client for administration, closed with the fixture. */
  public Admin admin() {
    return admin;
  }

  /**
   * A name that no other test of this run uses: for topics, groups, application ids, transactional
   * ids.
   */
  public String uniqueName(String prefix) {
    return prefix + "-" + ProcessHandle.current().pid() + "-" + names.incrementAndGet();
  }

  /** Makes a topic with a fresh name and returns the name. */
  public String createTopic(String prefix, int partitions, Map<String, String> configs) {
    String name = uniqueName(prefix);
    createTopics(new NewTopic(name, partitions, (short) 1).configs(configs));
    return name;
  }

  /** Makes a topic with a fresh name and the broker's defaults. */
  public String createTopic(String prefix, int partitions) {
    return createTopic(prefix, partitions, Map.of());
  }

  /**
   * Makes topics of given names, and returns when clients see them: the broker learns of a topic a
   * moment after the controller has made it.
   */
  public void createTopics(NewTopic... topics) {
    List<String> names = Stream.of(topics).map(NewTopic::name).toList();
    admin.createTopics(List.of(topics)).all().toCompletionStage().toCompletableFuture().join();
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(admin.listTopics().names().get()).containsAll(names));
  }

  @Override
  public void close() throws IOException {
    admin.close();
    stop.run();
    if (directory != null) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
