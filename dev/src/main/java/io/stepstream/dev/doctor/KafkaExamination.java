package io.stepstream.dev.doctor;

import io.stepstream.dev.doctor.Finding.Severity;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.acl.Component;
import io.stepstream.schemas.acl.Grant;
import io.stepstream.schemas.topic.Cleanup;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.topic.TopicSpec;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/** The brokers: features, topics against the catalogue, rights, transactions, clock. */
final class KafkaExamination implements AutoCloseable {

  private static final String OURS = "stepstream";
  private static final String TRANSACTIONS = "transaction.version";
  private static final String SHARES = "share.version";

  /**
   * Exactly-once needs what version 2 brought: epochs that rise with each transaction (KIP-890).
   */
  private static final short LEAST_TRANSACTIONS = 2;

  private static final short LEAST_SHARES = 1;
  private static final long LONGEST_SKEW_MILLIS = 1_000;

  /** Six times the longest that a coordinator's transaction may take. */
  private static final Duration HANGING = Duration.ofSeconds(60);

  private static final int MOST_NAMED = 5;

  private final Installation installation;
  private final Duration hanging;
  private @Nullable Admin admin;

  KafkaExamination(Installation installation) {
    this(installation, HANGING);
  }

  /**
   * @param hanging how long a transaction may be open
   */
  KafkaExamination(Installation installation, Duration hanging) {
    this.installation = installation;
    this.hanging = hanging;
  }

  List<Examination> examinations() {
    String servers = installation.bootstrapServers();
    if (servers == null) {
      return List.of();
    }
    Supplier<Admin> client = () -> client(servers);
    return List.of(
        new Examination("broker", () -> broker(client.get(), servers)),
        new Examination("topics", () -> topics(client.get())),
        new Examination("transactions", () -> transactions(client.get())),
        new Examination("rights", () -> rights(client.get())),
        new Examination("broker clock", () -> clock(client.get(), servers)));
  }

  private synchronized Admin client(String servers) {
    Admin known = admin;
    if (known == null) {
      known = Admin.create(installation.kafka(servers));
      admin = known;
    }
    return known;
  }

  // ------------------------------------------------------------------ brokers

  private List<Finding> broker(Admin client, String servers) throws InterruptedException {
    Map<String, FinalizedVersionRange> features;
    int brokers;
    try {
      features = client.describeFeatures().featureMetadata().get().finalizedFeatures();
      brokers = client.describeCluster().nodes().get().size();
    } catch (ExecutionException e) {
      return List.of(
          Finding.fault(
                  "broker",
                  servers,
                  "no answer (" + e.getCause().getClass().getSimpleName() + ")",
                  "Start the brokers, or check --bootstrap-servers and --kafka-config")
              .saying(e.getCause().getMessage()));
    }
    FinalizedVersionRange metadata = features.get(MetadataVersion.FEATURE_NAME);
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            "broker",
            servers,
            "%d answer, metadata version %s"
                .formatted(
                    brokers, metadata == null ? "unknown" : version(metadata.maxVersionLevel()))));
    if (brokers > 1 && brokers < 3) {
      findings.add(
          Finding.warning(
              "broker",
              servers,
              "with two brokers one that is lost takes executions with it",
              "Run three or more, with replication factor 3"));
    }
    findings.add(feature(features, TRANSACTIONS, LEAST_TRANSACTIONS, "exactly-once needs it"));
    findings.add(feature(features, SHARES, LEAST_SHARES, "workers take tasks by share groups"));
    return findings;
  }

  private static String version(short level) {
    try {
      return MetadataVersion.fromFeatureLevel(level).toString();
    } catch (IllegalArgumentException _) {
      return level + " (newer than this client)";
    }
  }

  private static Finding feature(
      Map<String, FinalizedVersionRange> features, String name, short needed, String why) {
    FinalizedVersionRange range = features.get(name);
    int level = range == null ? 0 : range.maxVersionLevel();
    return level >= needed
        ? Finding.ok("feature", name, "it is " + level)
        : Finding.fault(
            "feature",
            name,
            "it is %d, but %s".formatted(level, why),
            "kafka-features.sh upgrade --feature %s=%d".formatted(name, needed));
  }

  // ------------------------------------------------------------------ topics

  private static Set<String> ours(Admin client) throws ExecutionException, InterruptedException {
    Set<String> ours = new TreeSet<>();
    for (String name : client.listTopics().names().get()) {
      if (name.startsWith(OURS)) {
        ours.add(name);
      }
    }
    return ours;
  }

  private static List<Finding> topics(Admin client)
      throws ExecutionException, InterruptedException {
    Set<String> names = ours(client);
    String history = LaneTopics.of(Lane.STANDARD).history();
    if (!names.contains(history)) {
      return List.of(
          Finding.ok("topics", OURS + ".*", "none of ours yet; the first start makes them"));
    }
    Map<String, TopicDescription> found = client.describeTopics(names).allTopicNames().get();
    Map<String, Config> configs = configs(client, names);
    // What the installation was made with can be seen nowhere else.
    TopicDescription pattern = found.get(history);
    TopicLayout layout =
        new TopicLayout(
            pattern.partitions().size(), 1, pattern.partitions().getFirst().replicas().size(), 1);
    List<Finding> findings = new ArrayList<>();
    List<TopicSpec> catalogue = Topics.catalogue(layout);
    for (TopicSpec spec : catalogue) {
      TopicDescription topic = found.get(spec.name());
      if (topic == null) {
        findings.add(
            Finding.warning(
                "topic",
                spec.name(),
                "it is missing",
                "Start a coordinator, which makes it, or make it as docs/topics.md says"));
      } else {
        findings.addAll(against(spec, topic, configs.get(spec.name())));
      }
    }
    findings.addAll(replicas(found));
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              "topics",
              OURS + ".*",
              "%d, with %d partitions for executions, as the catalogue says"
                  .formatted(names.size(), layout.partitions())));
    }
    return findings;
  }

  private static Map<String, Config> configs(Admin client, Set<String> names)
      throws ExecutionException, InterruptedException {
    Map<String, Config> configs = new HashMap<>();
    client
        .describeConfigs(
            names.stream().map(n -> new ConfigResource(ConfigResource.Type.TOPIC, n)).toList())
        .all()
        .get()
        .forEach((resource, config) -> configs.put(resource.name(), config));
    return configs;
  }

  private static List<Finding> against(TopicSpec spec, TopicDescription topic, Config config) {
    List<Finding> findings = new ArrayList<>();
    int partitions = topic.partitions().size();
    if (spec.partitionsFixed() && partitions != spec.partitions()) {
      findings.add(
          Finding.fault(
              "topic",
              spec.name(),
              "it has %d partitions, and its lane has %d".formatted(partitions, spec.partitions()),
              "Executions would be looked for in the wrong place: see docs/topics.md"));
    }
    String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
    if (!policy.equals(spec.cleanup().policy())) {
      findings.add(
          setting(
              spec,
              Severity.FAULT,
              TopicConfig.CLEANUP_POLICY_CONFIG,
              policy,
              spec.cleanup().policy()));
    }
    long bytes = Long.parseLong(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
    if (bytes < spec.maxRecordBytes()) {
      findings.add(
          setting(
              spec,
              Severity.FAULT,
              TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
              String.valueOf(bytes),
              String.valueOf(spec.maxRecordBytes())));
    }
    if (spec.cleanup() instanceof Cleanup.Delete(Duration kept)) {
      long retention = Long.parseLong(config.get(TopicConfig.RETENTION_MS_CONFIG).value());
      if (retention >= 0 && retention < kept.toMillis()) {
        findings.add(
            setting(
                spec,
                Severity.WARNING,
                TopicConfig.RETENTION_MS_CONFIG,
                String.valueOf(retention),
                String.valueOf(kept.toMillis())));
      }
    }
    return findings;
  }

  private static Finding setting(
      TopicSpec spec, Severity severity, String name, String actual, String wanted) {
    return new Finding(
        severity,
        "topic",
        spec.name(),
        "it has %s=%s, and needs %s".formatted(name, actual, wanted),
        null,
        "kafka-configs.sh --alter --entity-type topics --entity-name %s --add-config %s=%s"
            .formatted(spec.name(), name, wanted),
        null);
  }

  private static List<Finding> replicas(Map<String, TopicDescription> found) {
    List<String> leaderless = new ArrayList<>();
    List<String> behind = new ArrayList<>();
    for (TopicDescription topic : new TreeMap<>(found).values()) {
      for (TopicPartitionInfo partition : topic.partitions()) {
        String name = topic.name() + "-" + partition.partition();
        if (partition.leader() == null || partition.leader().isEmpty()) {
          leaderless.add(name);
        } else if (partition.isr().size() < partition.replicas().size()) {
          behind.add(name);
        }
      }
    }
    List<Finding> findings = new ArrayList<>();
    if (!leaderless.isEmpty()) {
      findings.add(
          Finding.fault(
                  "partitions",
                  some(leaderless),
                  "%d have no leader: nobody can read or write them".formatted(leaderless.size()),
                  "Bring the brokers back that have them")
              .with(Runbook.LANE_DOWN));
    }
    if (!behind.isEmpty()) {
      findings.add(
          Finding.warning(
              "partitions",
              some(behind),
              "%d have replicas that are not in sync".formatted(behind.size()),
              "Look for the broker that is missing; until then the loss of another may lose"
                  + " executions"));
    }
    return findings;
  }

  private static String some(List<String> names) {
    return names.size() <= MOST_NAMED
        ? String.join(" ", names)
        : String.join(" ", names.subList(0, MOST_NAMED)) + " …";
  }

  // ------------------------------------------------------------------ transactions

  /**
   * Transactions that are open for longer than any of ours may be (KAFKA-20734): whoever reads
   * committed records stops before them.
   */
  private List<Finding> transactions(Admin client) throws ExecutionException, InterruptedException {
    Set<String> names = ours(client);
    List<TopicPartition> partitions = new ArrayList<>();
    client
        .describeTopics(names)
        .allTopicNames()
        .get()
        .values()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(p -> partitions.add(new TopicPartition(topic.name(), p.partition()))));
    long before = System.currentTimeMillis() - hanging.toMillis();
    List<Finding> findings = new ArrayList<>();
    client
        .describeProducers(partitions)
        .all()
        .get()
        .forEach(
            (partition, producers) -> {
              for (ProducerState producer : producers.activeProducers()) {
                if (producer.currentTransactionStartOffset().isPresent()
                    && producer.lastTimestamp() < before) {
                  findings.add(
                      hanging(partition, producer.currentTransactionStartOffset().getAsLong()));
                }
              }
            });
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              "transactions",
              OURS + ".*",
              "none is open for longer than %d s".formatted(hanging.toSeconds())));
    }
    return findings;
  }

  private Finding hanging(TopicPartition partition, long offset) {
    return Finding.fault(
            "transaction",
            partition + " from offset " + offset,
            "it is open for longer than %d s, and what is behind it is not read"
                .formatted(hanging.toSeconds()),
            "kafka-transactions.sh abort --topic %s --partition %d --start-offset %d"
                .formatted(partition.topic(), partition.partition(), offset))
        .with(Runbook.HANGING_TRANSACTION);
  }

  // ------------------------------------------------------------------ rights

  /** What the user of these clients may do, against what the component needs. */
  private List<Finding> rights(Admin client) throws ExecutionException, InterruptedException {
    Component component = installation.as();
    if (component == null) {
      return List.of();
    }
    String who = component.name().toLowerCase(Locale.ROOT);
    Map<String, TopicDescription> topics =
        client
            .describeTopics(
                ours(client), new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .allTopicNames()
            .get();
    List<Finding> findings = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Grant grant : component.grants()) {
      if (grant.resource().resourceType() != ResourceType.TOPIC) {
        continue; // groups and transactional ids tell nothing before they are used
      }
      boolean literal = grant.resource().patternType() == PatternType.LITERAL;
      for (TopicDescription topic : topics.values()) {
        String name = grant.resource().name();
        if (literal ? topic.name().equals(name) : topic.name().startsWith(name)) {
          seen.add(name);
          missing(topic, grant, who).ifPresent(findings::add);
        }
      }
      if (literal && !seen.contains(grant.resource().name())) {
        findings.add(
            Finding.warning(
                "rights",
                grant.resource().name(),
                "this user doesn't see it: it isn't there, or %s may not describe it"
                    .formatted(who),
                "Compare with deploy/kafka/acls.sh"));
      }
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok("rights", who, "this user has what it needs on the topics that are there"));
    }
    return findings;
  }

  static Optional<Finding> missing(TopicDescription topic, Grant grant, String who) {
    Set<AclOperation> allowed = topic.authorizedOperations();
    if (allowed == null) {
      return Optional.empty();
    }
    Set<AclOperation> missing = EnumSet.copyOf(grant.operations());
    missing.removeAll(allowed);
    missing.remove(AclOperation.CREATE); // it is there
    return missing.isEmpty() || allowed.contains(AclOperation.ALL)
        ? Optional.empty()
        : Optional.of(
            Finding.fault(
                "rights",
                topic.name(),
                "this user may not %s it, as the %s needs: %s".formatted(missing, who, grant.why()),
                "Grant it as deploy/kafka/acls.sh does"));
  }

  // ------------------------------------------------------------------ clock

  /**
   * Compares the broker's clock with ours by a record that the broker stamps. Timers and timeouts
   * are computed on our clock and read against timestamps of others.
   */
  private List<Finding> clock(Admin client, String servers)
      throws ExecutionException, InterruptedException, TimeoutException {
    String topic = "stepstream-doctor-" + ProcessHandle.current().pid();
    client
        .createTopics(
            List.of(
                new NewTopic(topic, 1, (short) -1)
                    .configs(Map.of("message.timestamp.type", "LogAppendTime"))))
        .all()
        .get();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            installation.kafka(servers), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, new byte[0])).get();
      long before = System.currentTimeMillis();
      long stamped = producer.send(new ProducerRecord<>(topic, new byte[0])).get().timestamp();
      long after = System.currentTimeMillis();
      long skew = stamped < before ? stamped - before : Math.max(0, stamped - after);
      String text = "the broker's is within " + Math.abs(skew) + " ms of ours";
      return List.of(
          Math.abs(skew) <= LONGEST_SKEW_MILLIS
              ? Finding.ok("clock", servers, text)
              : Finding.warning("clock", servers, text, "Synchronise both by NTP")
                  .with(Runbook.CLOCK_SKEW));
    } finally {
      client.deleteTopics(List.of(topic)).all().get(5, TimeUnit.SECONDS);
    }
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }
}
