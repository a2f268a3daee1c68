package io.stepstream.integrations.kafka;

import io.stepstream.schemas.registry.RegistrySettings;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.worker.handler.TaskFailedException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.eclipse.microprofile.config.Config;

/**
 * The connections to Kafka that definitions may name, as whoever runs the worker has set them:
 * {@code stepstream.worker.kafka.NAME.*}. A state that names none takes {@code default}, which
 * leads to Stepstream's own brokers unless it is set. Each is opened when it is first asked for and
 * stays open. Safe for use by several threads.
 */
@Singleton
public final class KafkaConnections implements AutoCloseable {

  static final String DEFAULT = "default";

  private static final String PREFIX = "stepstream.worker.kafka.";
  private static final String OWN = "stepstream.kafka.";
  private static final String REGISTRY = "schema-registry-url";
  private static final String OWN_REGISTRY = "schema.registry.url";
  private static final String OWN_CLIENT = OWN + "client.";

  /** Lower case, so that a name can be found in the environment. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private final Config config;

  // Guarded by this. As many as the operator has set.
  private final Map<String, KafkaConnection> open = new HashMap<>();

  @Inject
  public KafkaConnections(Config config) {
    this.config = config;
  }

  /**
   * @throws TaskFailedException {@code Kafka.ConnectionNotFound}; {@code Kafka.Config}: it can't be
   *     opened as it is set
   */
  synchronized KafkaConnection find(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new TaskFailedException(
          "States.Runtime",
          "'%s' can't be a connection's name: take up to 63 of a to z, 0 to 9 and '-'."
              .formatted(name));
    }
    KafkaConnection known = open.get(name);
    if (known == null) {
      known = new KafkaConnection(name, clients(name), internalTopics(name), () -> registry(name));
      open.put(name, known);
    }
    return known;
  }

  private Map<String, Object> clients(String name) {
    Optional<String> servers = setting(name, "bootstrap-servers");
    if (servers.isEmpty() && name.equals(DEFAULT)) {
      return own();
    }
    if (servers.isEmpty()) {
      throw new TaskFailedException(
          "Kafka.ConnectionNotFound",
          "This worker has no connection '%s': set %s%s.bootstrap-servers."
              .formatted(name, PREFIX, name));
    }
    Map<String, Object> clients = new HashMap<>();
    setting(name, "config-file").ifPresent(file -> clients.putAll(read(name, Path.of(file))));
    clients.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers(servers.get()));
    return clients;
  }

  /** The brokers that the worker itself takes its tasks from. */
  private Map<String, Object> own() {
    Map<String, Object> clients = new HashMap<>();
    for (String property : config.getPropertyNames()) {
      // What follows "streams." is for the coordinator's applications.
      if (property.startsWith(OWN_CLIENT) && !property.startsWith(OWN_CLIENT + "streams.")) {
        config
            .getOptionalValue(property, String.class)
            .ifPresent(value -> clients.put(property.substring(OWN_CLIENT.length()), value));
      }
    }
    clients.put(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
        servers(
            config
                .getOptionalValue(OWN + "bootstrap.servers", String.class)
                .orElse("127.0.0.1:9092")));
    return clients;
  }

  private static Map<String, String> read(String name, Path file) {
    Properties properties = new Properties();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(text);
    } catch (IOException | IllegalArgumentException e) {
      // What a parser says of a text may quote a secret from it.
      throw new TaskFailedException(
          "Kafka.Config",
          "The worker can't read the config-file of its connection '%s': %s"
              .formatted(name, e.getClass().getSimpleName()));
    }
    Map<String, String> given = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> given.put(key, properties.getProperty(key)));
    return given;
  }

  /** Of the default connection it is the worker's own, where records of Stepstream's are known. */
  private SchemaRegistry registry(String name) {
    boolean own = name.equals(DEFAULT);
    String key = PREFIX + name + "." + REGISTRY;
    Optional<String> urls =
        setting(name, REGISTRY)
            .or(() -> own ? config.getOptionalValue(OWN_REGISTRY, String.class) : Optional.empty());
    if (urls.isEmpty() && own) {
      return SchemaRegistry.bundled();
    }
    if (urls.isEmpty()) {
      throw new TaskFailedException(
          "Kafka.Config",
          "The worker's connection '%s' has no schema registry, which AVRO needs: set %s."
              .formatted(name, key));
    }
    try {
      return SchemaRegistry.at(RegistrySettings.at(urls.get()).lookupOnly());
    } catch (IllegalArgumentException _) {
      // The URL may have a password in it.
      throw new TaskFailedException(
          "Kafka.Config",
          "The worker's setting %s has no usable URL: http(s)://[user:password@]host[:port][/path]."
              .formatted(setting(name, REGISTRY).isPresent() ? key : OWN_REGISTRY));
    }
  }

  private Set<String> internalTopics(String name) {
    return Set.copyOf(
        config
            .getOptionalValues(PREFIX + name + ".internal-topics", String.class)
            .orElse(List.of()));
  }

  private Optional<String> setting(String name, String key) {
    return config.getOptionalValue(PREFIX + name + "." + key, String.class);
  }

  private static List<String> servers(String commas) {
    return List.of(commas.strip().split("\\s*,\\s*"));
  }

  @Override
  @PreDestroy
  public synchronized void close() {
    open.values().forEach(KafkaConnection::close);
    open.clear();
  }
}
