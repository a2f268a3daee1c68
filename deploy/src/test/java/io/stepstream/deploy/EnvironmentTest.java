package io.stepstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.stepstream.coordinator.access.SecurityConfig;
import io.stepstream.coordinator.api.ApiConfig;
import io.stepstream.coordinator.api.AwsConfig;
import io.stepstream.deploy.Release.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the chart puts into the environment is what the applications read. A variable with a mistake
 * in it would be passed over by them without a word.
 */
class EnvironmentTest {

  private static final Chart CHART = Chart.shipped();

  private static final String REGISTRY = "schema.registry.url";

  /** Not for the application: of Kubernetes and of the JVM. */
  private static final Set<String> OTHERS = Set.of("POD_NAME", "_JAVA_OPTIONS");

  private static final String CLIENT = "STEPSTREAM_KAFKA_CLIENT_";

  /** Each key is in a table of the page on configuration, in backticks. */
  private static final Pattern KEY = Pattern.compile("`([a-z][a-z0-9.-]+)`");

  static List<String> scenarios() throws IOException {
    return Chart.scenarios();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldSetNothingThatTheCoordinatorDoesNotRead(String scenario) throws Exception {
    Set<String> known = new TreeSet<>(ofQuarkus());
    known.add(variable(REGISTRY));
    for (ConfigClass mapping : mappings()) {
      ConfigMappings.getProperties(mapping).keySet().forEach(name -> known.add(variable(name)));
    }

    Set<String> set = setByTheChart(CHART.render(scenario).coordinator(), scenario);

    assertThat(set).hasSizeGreaterThan(15);
    assertThat(known).containsAll(set);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldSetNothingThatTheWorkerDoesNotRead(String scenario) throws Exception {
    Set<String> known = new TreeSet<>(ofQuarkus());
    Set<String> asked = new TreeSet<>();
    workerSettings(new SmallRyeConfigBuilder().build(), asked);
    asked.forEach(name -> known.add(variable(name)));

    for (Pod pod : CHART.render(scenario).pods()) {
      if (pod.of().kind().equals("Deployment")) {
        Set<String> set = setByTheChart(pod, scenario);
        assertThat(set).as("%s", pod).hasSizeGreaterThan(5);
        assertThat(known).as("%s", pod).containsAll(set);
      }
    }
  }

  @Test
  void shouldConfigureTheCoordinator() throws Exception {
    SmallRyeConfig config = config(CHART.render("full-values.yaml").coordinator());
    Object node = config.getConfigMapping(nodeConfig(), "stepstream");
    SecurityConfig security = config.getConfigMapping(SecurityConfig.class, "stepstream.security");
    ApiConfig api = config.getConfigMapping(ApiConfig.class, "stepstream.api");
    AwsConfig aws = config.getConfigMapping(AwsConfig.class, "stepstream.aws");

    assertThat(get(node, "kafka", "client"))
        .isEqualTo(
            Map.of(
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "SCRAM-SHA-256",
                "sasl.jaas.config", "of the Secret",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", "/etc/stepstream/kafka-ca/ca.crt",
                "request.timeout.ms", "20000",
                "client.rack", "a",
                "streams.consumer.session.timeout.ms", "30000"));
    assertThat(get(node, "kafka", "bootstrapServers"))
        .isEqualTo("kafka-0.kafka:9093,kafka-1.kafka:9093");
    assertThat(get(node, "partitions")).isEqualTo(24);
    assertThat(get(node, "topics", "queuePartitions")).isEqualTo(6);
    assertThat(get(node, "topics", "replicationFactor")).isEqualTo(5);
    assertThat(get(node, "topics", "minInsyncReplicas")).isEqualTo(3);
    assertThat(get(node, "coordinator", "threads")).isEqualTo(Optional.of(4));
    assertThat(get(node, "coordinator", "standbys")).isEqualTo(2);
    assertThat(get(node, "coordinator", "address"))
        .isEqualTo(Optional.of("flow-coordinator-0.flow-nodes.flows.svc:8333"));
    assertThat(get(node, "taskTokens", "keysFile"))
        .isEqualTo(Optional.of(Path.of("/etc/stepstream/security/task-tokens.keys")));
    assertThat(get(node, "encryption", "keysFile"))
        .isEqualTo(Optional.of(Path.of("/etc/stepstream/encryption/encryption.json")));
    assertThat(get(node, "express", "transitions")).isEqualTo(false);
    assertThat(security.nodeKeysFile()).contains(Path.of("/etc/stepstream/security/node.keys"));
    assertThat(security.policiesFile()).contains(Path.of("/etc/stepstream/security/policies.json"));
    assertThat(security.accessKeysFile())
        .contains(Path.of("/etc/stepstream/security/access-keys.json"));
    assertThat(security.apiKeysFile()).contains(Path.of("/etc/stepstream/security/api-keys.json"));
    assertThat(security.secureCookies()).isTrue();
    assertThat(security.oidc().issuer()).contains("https://id.example.org/realms/main");
    assertThat(security.oidc().audience()).contains("stepstream");
    assertThat(security.oidc().clientId()).contains("stepstream-console");
    assertThat(security.oidc().clientSecretFile())
        .contains(Path.of("/etc/stepstream/security/oidc.secret"));
    assertThat(security.oidc().scopes()).isEqualTo("openid profile");
    assertThat(security.oidc().userClaim()).isEqualTo("email");
    assertThat(security.oidc().groupsClaim()).isEqualTo("roles");
    assertThat(security.oidc().name()).contains("Example-ID");
    assertThat(api.drainDelay()).isEqualTo(Duration.ofSeconds(20));
    assertThat(api.drain()).isEqualTo(Duration.ofSeconds(30));
    assertThat(api.hosts().orElseThrow()).contains("stepstream.example.org", "flow.flows.svc");
    assertThat(aws.region()).isEqualTo("eu-central-1");
    assertThat(aws.account()).isEqualTo("123456789012");
    assertThat(config.getValue(REGISTRY, String.class)).isEqualTo("of the Secret");
  }

  @Test
  void shouldConfigureTheWorker() throws Exception {
    Object worker =
        workerSettings(
            config(CHART.render("full-values.yaml").worker("payments")), new HashSet<>());

    assertThat(get(worker, "queues")).isEqualTo(List.of("payments", "Refunds_2.x"));
    assertThat(get(worker, "pool")).isEqualTo(Optional.of("payments"));
    assertThat(get(worker, "permits")).isEqualTo(32);
    assertThat(get(worker, "drain")).isEqualTo(Duration.ofMinutes(2));
    assertThat(get(worker, "bootstrapServers")).isEqualTo("kafka-0.kafka:9093,kafka-1.kafka:9093");
    assertThat(get(worker, "registryUrl")).isEqualTo(Optional.of("of the Secret"));
    assertThat(get(worker, "kafka"))
        .isEqualTo(
            Map.of(
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "SCRAM-SHA-256",
                "sasl.jaas.config", "of the Secret",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", "/etc/stepstream/kafka-ca/ca.crt",
                "request.timeout.ms", "20000",
                "client.rack", "a"));
  }

  @Test
  void shouldShowCertificatesToTheBrokers() throws Exception {
    Release release = CHART.render("tls-values.yaml");
    Object client =
        get(
            config(release.coordinator()).getConfigMapping(nodeConfig(), "stepstream"),
            "kafka",
            "client");

    assertThat(client)
        .isEqualTo(
            Map.of(
                "security.protocol", "SSL",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", "/etc/stepstream/kafka-ca/ca.crt",
                "ssl.keystore.type", "PKCS12",
                "ssl.keystore.location", "/etc/stepstream/kafka-user/user.p12",
                "ssl.keystore.password", "of the Secret",
                "streams.consumer.session.timeout.ms", "10000"));
  }

  /** Names that a value brings are the operator's own, and in the example from the page on them. */
  private static Set<String> setByTheChart(Pod pod, String scenario) throws IOException {
    Set<String> documented = new HashSet<>();
    KEY.matcher(Files.readString(Path.of("..", "docs", "configuration.md")))
        .results()
        .forEach(key -> documented.add(variable(key.group(1))));
    Set<String> extra = new HashSet<>();
    JsonNode values = CHART.yaml("ci/" + scenario);
    values
        .path("coordinator")
        .path("env")
        .forEach(variable -> extra.add(variable.path("name").asText()));
    for (JsonNode pool : values.path("workers")) {
      pool.path("env").forEach(variable -> extra.add(variable.path("name").asText()));
    }
    assertThat(documented).containsAll(extra);
    Set<String> set = new TreeSet<>(pod.environment().keySet());
    set.removeAll(OTHERS);
    set.removeAll(extra);
    // Kafka's own properties, any of which may follow.
    set.removeIf(name -> name.startsWith(CLIENT));
    return set;
  }

  /** What may be set when the application runs; other properties only count when it is built. */
  private static Set<String> ofQuarkus() throws IOException {
    Set<String> variables = new HashSet<>();
    List<URL> models =
        Collections.list(
            EnvironmentTest.class
                .getClassLoader()
                .getResources("META-INF/quarkus-config-doc/quarkus-config-model.json"));
    for (URL model : models) {
      try (InputStream json = model.openStream()) {
        collect(new ObjectMapper().readTree(json), variables);
      }
    }
    assertThat(variables).contains("QUARKUS_HTTP_HOST").doesNotContain("QUARKUS_HTTP_ROOT_PATH");
    return variables;
  }

  private static void collect(JsonNode node, Set<String> variables) {
    if (node.path("phase").asText().equals("RUN_TIME")) {
      variables.add(node.path("path").path("environmentVariable").asText());
    }
    node.forEach(inner -> collect(inner, variables));
  }

  private static String variable(String property) {
    return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  /** As the application would start with it: references resolved, and Secrets' contents there. */
  private static SmallRyeConfig config(Pod pod) throws Exception {
    Map<String, String> environment = new LinkedHashMap<>(pod.environment());
    environment.replaceAll((_, value) -> value.isEmpty() ? "of the Secret" : value);
    environment.replaceAll((_, value) -> value.replace("$(POD_NAME)", pod.of().name() + "-0"));
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            // Quarkus reads durations such as 20s.
            .addDiscoveredConverters()
            .withValidateUnknown(false)
            .withSources(new EnvConfigSource(environment, EnvConfigSource.ORDINAL));
    for (ConfigClass mapping : mappings()) {
      builder.withMapping(mapping);
    }
    return builder.build();
  }

  private static List<ConfigClass> mappings() throws ClassNotFoundException {
    return List.of(
        ConfigClass.configClass(nodeConfig(), "stepstream"),
        ConfigClass.configClass(SecurityConfig.class, "stepstream.security"),
        ConfigClass.configClass(ApiConfig.class, "stepstream.api"),
        ConfigClass.configClass(AwsConfig.class, "stepstream.aws"));
  }

  /** Nobody's business but the node's, and the chart's. */
  private static Class<?> nodeConfig() throws ClassNotFoundException {
    return Class.forName("io.stepstream.coordinator.node.NodeConfig");
  }

  /**
   * The worker's settings, which it reads one by one.
   *
   * @param asked takes the names that it has asked for
   */
  private static Object workerSettings(Config config, Set<String> asked) throws Exception {
    InvocationHandler recorder =
        (_, method, arguments) -> {
          if (method.getName().startsWith("getOptionalValue")) {
            asked.add((String) arguments[0]);
          }
          return method.invoke(config, arguments);
        };
    Config recording =
        (Config)
            Proxy.newProxyInstance(
                Config.class.getClassLoader(), new Class<?>[] {Config.class}, recorder);
    Method of =
        Class.forName("io.stepstream.worker.app.WorkerConfig")
            .getDeclaredMethod("of", Config.class);
    of.setAccessible(true);
    return of.invoke(null, recording);
  }

  private static Object get(Object from, String... path) throws Exception {
    Object value = from;
    for (String name : path) {
      Method method = accessor(value.getClass(), name);
      method.setAccessible(true);
      value = method.invoke(value);
    }
    return value;
  }

  private static Method accessor(Class<?> type, String name) throws NoSuchMethodException {
    for (Class<?> declared : type.getInterfaces()) {
      for (Method method : declared.getDeclaredMethods()) {
        if (method.getName().equals(name) && method.getParameterCount() == 0) {
          return method;
        }
      }
    }
    return type.getDeclaredMethod(name);
  }
}
