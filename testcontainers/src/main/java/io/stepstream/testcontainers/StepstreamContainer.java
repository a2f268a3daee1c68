package io.stepstream.testcontainers;

import com.github.dockerjava.api.command.InspectContainerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A coordinator, which serves AWS's API of Step Functions, and the Kafka broker that it needs,
 * which comes and goes with it.
 *
 * <pre>{@code
 * try (var stepstream = new StepstreamContainer().withMachine("hello", Path.of("hello.asl.json"))) {
 *   stepstream.start();
 *   var worker = StepstreamWorker.builder()
 *       .bootstrapServers(stepstream.getBootstrapServers())
 *       .function("greet", input -> …)
 *       .build()
 *       .start();
 *   var sfn = SfnClient.builder()
 *       .endpointOverride(stepstream.getEndpoint())
 *       .region(Region.of(stepstream.getRegion()))
 *       .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
 *           stepstream.getAccessKeyId(), stepstream.getSecretAccessKey())))
 *       .build();
 *   sfn.startExecution(r -> r.stateMachineArn(stepstream.getMachineArn("hello")));
 * }
 * }</pre>
 *
 * <p>A coordinator that others reach asks who calls, so each container has keys of its own, made
 * when it is constructed. What they log in may do everything.
 */
public final class StepstreamContainer extends GenericContainer<StepstreamContainer> {

  private static final int PORT = 8333;

  /** Where the broker answers in the containers' network. */
  private static final String KAFKA = "kafka";

  private static final int KAFKA_PORT = 19092;
  private static final String SECURITY = "/etc/stepstream/";
  private static final Duration LONGEST_START = Duration.ofMinutes(2);

  private final GeneratedKeys keys = GeneratedKeys.random();
  private final Map<String, Machine> machines = new LinkedHashMap<>();
  private final KafkaContainer kafka;

  /** The images that belong to this version of the module. */
  public StepstreamContainer() {
    this(Images.coordinator());
  }

  /**
   * @param image a coordinator's image, of a registry of yours for instance
   */
  public StepstreamContainer(DockerImageName image) {
    super(image);
    Network network = Network.newNetwork();
    kafka =
        new KafkaContainer(Images.kafka())
            .withNetwork(network)
            .withNetworkAliases(KAFKA)
            .withListener(KAFKA + ":" + KAFKA_PORT);
    Images.brokerSettings().forEach(kafka::withEnv);
    dependsOn(kafka);
    withNetwork(network);
    withExposedPorts(PORT);
    withEnv(settings());
    keys.files()
        .forEach(
            (name, content) ->
                withCopyToContainer(Transferable.of(content, 0444), SECURITY + name));
    waitingFor(Wait.forHttp("/q/health/ready").forPort(PORT).withStartupTimeout(LONGEST_START));
  }

  /** What the coordinator is told, by the names of environment variables. */
  static Map<String, String> settings() {
    return Map.of(
        "STEPSTREAM_KAFKA_BOOTSTRAP_SERVERS", KAFKA + ":" + KAFKA_PORT,
        "STEPSTREAM_PARTITIONS", "2",
        "STEPSTREAM_TOPICS_QUEUE_PARTITIONS", "1",
        "STEPSTREAM_TOPICS_REPLICATION_FACTOR", "1",
        "STEPSTREAM_TOPICS_MIN_INSYNC_REPLICAS", "1",
        "STEPSTREAM_TASK_TOKENS_KEYS_FILE", SECURITY + GeneratedKeys.NODE_KEYS,
        "STEPSTREAM_SECURITY_NODE_KEYS_FILE", SECURITY + GeneratedKeys.NODE_KEYS,
        "STEPSTREAM_SECURITY_ACCESS_KEYS_FILE", SECURITY + GeneratedKeys.ACCESS_KEYS,
        "STEPSTREAM_SECURITY_API_KEYS_FILE", SECURITY + GeneratedKeys.API_KEYS,
        "STEPSTREAM_SECURITY_POLICIES_FILE", SECURITY + GeneratedKeys.POLICIES);
  }

  /**
   * A Standard state machine that is there when the container has started.
   *
   * @param definition in the Amazon States Language
   */
  public StepstreamContainer withMachine(String name, String definition) {
    machines.put(name, new Machine(name, definition, Machine.Type.STANDARD));
    return this;
  }

  /**
   * The same with its definition in a file.
   *
   * @throws UncheckedIOException the file can't be read
   */
  public StepstreamContainer withMachine(String name, Path definition) {
    return withMachine(name, text(definition));
  }

  /** An Express state machine that is there when the container has started. */
  public StepstreamContainer withExpressMachine(String name, String definition) {
    machines.put(name, new Machine(name, definition, Machine.Type.EXPRESS));
    return this;
  }

  /**
   * The same with its definition in a file.
   *
   * @throws UncheckedIOException the file can't be read
   */
  public StepstreamContainer withExpressMachine(String name, Path definition) {
    return withExpressMachine(name, text(definition));
  }

  /** Where AWS's clients find the API, once the container has started. */
  public URI getEndpoint() {
    return URI.create("http://" + getHost() + ":" + getMappedPort(PORT));
  }

  /** Where workers in the test find the broker, once the container has started. */
  public String getBootstrapServers() {
    return kafka.getBootstrapServers();
  }

  /** What clients are to be set to; it is in all ARNs. */
  public String getRegion() {
    return Machine.REGION;
  }

  public String getAccessKeyId() {
    return keys.accessKeyId();
  }

  public String getSecretAccessKey() {
    return keys.secretAccessKey();
  }

  /** For the console, and for calls of {@code /api} by {@code Authorization: Bearer}. */
  public String getApiKey() {
    return keys.apiKey();
  }

  /** The ARN of a machine of this name, whether it is there or not. */
  public String getMachineArn(String name) {
    return Machine.arn(name);
  }

  /**
   * @throws IllegalStateException a machine is refused; says why
   */
  @Override
  protected void containerIsStarted(InspectContainerResponse container) {
    try (MachineCreation creation = new MachineCreation(getEndpoint(), keys.apiKey())) {
      machines.values().forEach(creation::create);
    }
  }

  /** The broker ends too. */
  @Override
  public void stop() {
    super.stop();
    kafka.stop();
    Network network = getNetwork();
    if (network != null) {
      network.close();
    }
  }

  private static String text(Path definition) {
    try {
      return Files.readString(definition);
    } catch (IOException e) {
      throw new UncheckedIOException("The definition " + definition + " can't be read", e);
    }
  }
}
