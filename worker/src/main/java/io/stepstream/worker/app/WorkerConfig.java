package io.stepstream.worker.app;

import io.stepstream.worker.TaskSourceKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * The settings of the worker application.
 *
 * <p>Read by hand and not by {@code @ConfigMapping}: Quarkus loads such interfaces into the JVM
 * that builds, and Maven may run on an older Java than the code is compiled for.
 *
 * @param enabled {@code stepstream.worker.enabled}: whether this process works at all
 * @param queues {@code stepstream.worker.queues}: the task queues to serve
 * @param pool {@code stepstream.worker.pool}: a name that all workers of the same kind share; the
 *     first queue's name if not given
 * @param permits {@code stepstream.worker.permits}: how many handlers run at the same time. Virtual
 *     threads cost little, so the bound protects what handlers call, not this process
 * @param source {@code stepstream.worker.source}: {@code share-group}, or {@code consumer-group}
 *     for brokers below 4.2
 * @param linger {@code stepstream.worker.linger}: how long a result may wait to share a request
 *     with others; more throughput for more latency
 * @param lanes {@code stepstream.worker.lanes}: with how many share consumers a queue begins
 * @param maximumLanes {@code stepstream.worker.maximum-lanes}: how many there may be while long
 *     tasks run, each of which may occupy one. A broker takes 200 per queue by default, from all
 *     workers together
 * @param drain {@code stepstream.worker.drain}: how long running handlers may take when the process
 *     is told to stop
 * @param registryUrl {@code schema.registry.url}: the schema registry; the bundled schemas if not
 *     given
 * @param encryptionKeysFile {@code stepstream.encryption.keys-file}: keys of machines that name one
 * @param tracingEndpoint {@code stepstream.tracing.endpoint}: where spans are sent by OTLP over
 *     HTTP, with the path; nowhere if not given
 * @param bootstrapServers {@code stepstream.kafka.bootstrap.servers}
 * @param kafka the properties under {@code stepstream.kafka.client}, for every Kafka client
 */
record WorkerConfig(
    boolean enabled,
    List<String> queues,
    Optional<String> pool,
    int permits,
    TaskSourceKind source,
    Duration linger,
    int lanes,
    int maximumLanes,
    Duration drain,
    Optional<String> registryUrl,
    Optional<Path> encryptionKeysFile,
    Optional<String> tracingEndpoint,
    String bootstrapServers,
    Map<String, String> kafka) {

  private static final String WORKER = "stepstream.worker.";
  private static final String CLIENT = "stepstream.kafka.client.";

  /**
   * @throws RuntimeException a value can't be converted; the message names the property
   */
  static WorkerConfig of(Config config) {
    return new WorkerConfig(
        config.getOptionalValue(WORKER + "enabled", Boolean.class).orElse(true),
        config.getOptionalValues(WORKER + "queues", String.class).orElse(List.of("lambda")),
        config.getOptionalValue(WORKER + "pool", String.class),
        config.getOptionalValue(WORKER + "permits", Integer.class).orElse(256),
        config
            .getOptionalValue(WORKER + "source", TaskSourceKind.class)
            .orElse(TaskSourceKind.SHARE_GROUP),
        config.getOptionalValue(WORKER + "linger", Duration.class).orElse(Duration.ofMillis(1)),
        config.getOptionalValue(WORKER + "lanes", Integer.class).orElse(2),
        config.getOptionalValue(WORKER + "maximum-lanes", Integer.class).orElse(32),
        config.getOptionalValue(WORKER + "drain", Duration.class).orElse(Duration.ofSeconds(20)),
        config.getOptionalValue("schema.registry.url", String.class),
        config.getOptionalValue("stepstream.encryption.keys-file", Path.class),
        config.getOptionalValue("stepstream.tracing.endpoint", String.class),
        config
            .getOptionalValue("stepstream.kafka.bootstrap.servers", String.class)
            .orElse("127.0.0.1:9092"),
        kafka(config));
  }

  private static Map<String, String> kafka(Config config) {
    Map<String, String> properties = new HashMap<>();
    for (String name : config.getPropertyNames()) {
      if (name.startsWith(CLIENT)) {
        config
            .getOptionalValue(name, String.class)
            .ifPresent(value -> properties.put(name.substring(CLIENT.length()), value));
      }
    }
    return properties;
  }
}
