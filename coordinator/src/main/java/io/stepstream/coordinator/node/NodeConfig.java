package io.stepstream.coordinator.node;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.stepstream.schemas.topic.TopicLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an operator sets for a coordinator. */
interface NodeConfig {

  /** How Kafka is reached. */
  KafkaConfig kafka();

  /** How the topics are laid out when they are created. */
  @WithName("topics")
  TopicsConfig topics();

  /**
   * Partitions of everything that executions are spread over. The state of running executions is
   * bound to it, so it changes only after a growth (ADR 0074); 48 is divisible by 2, 3, 4, 6, 8 and
   * 12 nodes.
   */
  @WithDefault("48")
  int partitions();

  @WithName("state.dir")
  @WithDefault("/var/lib/stepstream/state")
  Path stateDir();

  CoordinatorConfig coordinator();

  ExpressConfig express();

  ExecutionLogsConfig executionLogs();

  StatusChangesConfig statusChanges();

  TracingConfig tracing();

  TaskTokensConfig taskTokens();

  EncryptionConfig encryption();

  MetricsConfig metrics();

  interface KafkaConfig {
    @WithName("bootstrap.servers")
    @WithDefault("127.0.0.1:9092")
    String bootstrapServers();

    /** Further properties of every Kafka client, for example {@code security.protocol}. */
    Map<String, String> client();
  }

  interface TopicsConfig {
    /**
     * More than the workers' demand only costs transaction markers: a share group's members share
     * partitions.
     */
    @WithDefault("12")
    int queuePartitions();

    /** Below three, a broker that is lost takes executions with it. */
    @WithDefault("3")
    int replicationFactor();

    @WithDefault("2")
    int minInsyncReplicas();
  }

  interface CoordinatorConfig {
    /** False: this process serves something else, for example workers only. */
    @WithDefault("true")
    boolean enabled();

    /** Stream threads of each lane; by default one per core, at most one per partition. */
    Optional<Integer> threads();

    /**
     * Warm copies of each store on other nodes: a failover without one restores from the changelog.
     */
    @WithDefault("0")
    int standbys();

    /**
     * Where other nodes reach this one's API, {@code host:port}; by default where it listens. In a
     * cluster the name of this process, not of a load balancer.
     */
    Optional<String> address();

    /** Bound of the compiled definitions, roughly in bytes of memory. */
    @WithDefault("67108864")
    long definitionCacheBytes();

    /**
     * False: executions can't be searched by what is in their input and output, and the index of
     * executions costs a fraction. What was indexed before stays.
     */
    @WithDefault("true")
    boolean indexPayloads();
  }

  /** What task tokens are signed with, the same on all nodes. */
  interface TaskTokensConfig {
    /** The first one signs; tokens of the others are taken, so that a key can be replaced. */
    Optional<List<String>> keys();

    /** A file with a key on each line, in place of the keys themselves. */
    Optional<Path> keysFile();
  }

  /** What machines name by their encryptionConfiguration's kmsKeyId. */
  interface EncryptionConfig {
    /** The same on all nodes and on the workers that serve such machines. */
    Optional<Path> keysFile();
  }

  interface MetricsConfig {
    /**
     * How many machines and how many resources have series of their own, in each lane; all others
     * share one. Each costs about twenty series.
     */
    @WithDefault("200")
    int labels();
  }

  interface ExpressConfig {
    /**
     * False: Express executions leave no history records; their completion is all that tells of
     * them.
     */
    @WithDefault("true")
    boolean transitions();
  }

  /** What machines' loggingConfiguration asks for. */
  interface ExecutionLogsConfig {
    /** False: nothing is logged, whatever machines ask for. */
    @WithDefault("true")
    boolean enabled();

    /** Whether coordinators repeat the topic on their standard output. */
    @WithDefault("false")
    boolean console();
  }

  interface StatusChangesConfig {
    /** Costs two records more for each Standard execution, with its input and output. */
    @WithDefault("false")
    boolean enabled();
  }

  interface TracingConfig {
    /** Where spans are sent by OTLP over HTTP, with the path; none: nothing is traced. */
    Optional<String> endpoint();

    /** The share of the executions that are traced, of the machines that want it. */
    @WithDefault("1.0")
    double sampling();
  }

  default TopicLayout layout() {
    return new TopicLayout(
        partitions(),
        topics().queuePartitions(),
        topics().replicationFactor(),
        topics().minInsyncReplicas());
  }

  default int threadsPerLane() {
    return Math.min(
        partitions(),
        coordinator().threads().orElseGet(() -> Runtime.getRuntime().availableProcessors()));
  }
}
