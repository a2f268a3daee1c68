package io.stepstream.schemas.topic;

import static io.stepstream.schemas.topic.AdminAnswers.await;
import static java.util.Objects.requireNonNull;

import io.stepstream.schemas.topic.Provisioning.Ready;
import io.stepstream.schemas.topic.Provisioning.Refused;
import io.stepstream.schemas.topic.Provisioning.TopicProblem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates the topics that are missing and checks those that are there. It never changes or deletes
 * one.
 *
 * <p>Idempotent, and any number of nodes may do it at the same time: who loses the race checks what
 * the winner has created.
 */
public final class TopicProvisioner {

  /** Attempts to see a topic which another node is just creating. */
  private static final int SIGHTINGS = 50;

  private static final long SIGHTING_PAUSE_MILLIS = 100;

  private static final String DELIVERY_LIMIT = "share.delivery.count.limit";

  /** As many as a broker allows by default. */
  private static final String MOST_DELIVERIES = "10";

  private final Admin admin;
  private final TopicLayout layout;

  /** The caller keeps, and closes, the client. */
  public TopicProvisioner(Admin admin, TopicLayout layout) {
    this.admin = requireNonNull(admin, "admin");
    this.layout = requireNonNull(layout, "layout");
  }

  /**
   * Sees to all topics of {@link Topics#catalogue}.
   *
   * @throws KafkaException if the cluster doesn't answer
   */
  public Provisioning provision() {
    return provision(Topics.catalogue(layout));
  }

  /**
   * Sees to a task queue's topic, to those that its workers read beside it, and to the settings of
   * the share group that works on it. The defaults would lose the orders from before the first
   * worker and hand out those of aborted transactions.
   *
   * @throws IllegalArgumentException unless {@link Topics#isQueueName}
   * @throws KafkaException if the cluster doesn't answer
   */
  public Provisioning provisionQueue(String queue) {
    Provisioning topic =
        provision(
            List.of(
                Topics.queue(queue, layout),
                Topics.queueControls(layout),
                Topics.abandoned(layout)));
    return switch (topic) {
      case Refused refused -> refused;
      case Ready(Set<String> created, _) -> new Ready(created, configureShareGroup(queue));
    };
  }

  private List<String> configureShareGroup(String queue) {
    String group = Topics.workerGroup(queue);
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    Collection<AlterConfigOp> settings =
        List.of(
            set("share.auto.offset.reset", "earliest"),
            set("share.isolation.level", "read_committed"));
    try {
      await(admin.incrementalAlterConfigs(Map.of(resource, settings)).all());
      raiseDeliveryLimit(resource);
      return List.of();
    } catch (AuthorizationException e) {
      return List.of(
          ("Group %s: may not be configured (%s). Somebody who may has to set"
                  + " share.auto.offset.reset=earliest and share.isolation.level=read_committed,"
                  + " or tasks will be lost or carried out for aborted transactions.")
              .formatted(group, e.getMessage()));
    } catch (InvalidRequestException | InvalidConfigurationException e) {
      // The latter is the parent of UnsupportedVersionException, too.
      return List.of(
          ("Group %s: this cluster doesn't take settings of share groups (%s). Let the workers use"
                  + " consumer groups, or upgrade the brokers to 4.2 or newer.")
              .formatted(group, e.getMessage()));
    }
  }

  /**
   * Gives an order more deliveries than it may be run, so that whoever gets it next can see to it
   * (ADR 0043). Left alone if somebody has set the limit; brokers below 4.3, and those which allow
   * less, keep theirs, with which it is the same with fewer chances.
   */
  private void raiseDeliveryLimit(ConfigResource group) {
    try {
      ConfigEntry limit =
          await(admin.describeConfigs(List.of(group)).all()).get(group).get(DELIVERY_LIMIT);
      if (limit != null && limit.source() != ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG) {
        await(
            admin
                .incrementalAlterConfigs(
                    Map.of(group, List.of(set(DELIVERY_LIMIT, MOST_DELIVERIES))))
                .all());
      }
    } catch (InvalidRequestException | InvalidConfigurationException _) {
      // The broker's own limit holds, and workers ask for it. The latter is the parent of
      // AuthorizationException and UnsupportedVersionException, too.
    }
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }

  private Provisioning provision(List<TopicSpec> specs) {
    Map<String, TopicSpec> wanted = new LinkedHashMap<>();
    specs.forEach(spec -> wanted.put(spec.name(), spec));
    List<TopicProblem> problems = new ArrayList<>();

    Map<String, TopicDescription> present = describe(wanted.keySet());
    List<TopicSpec> missing =
        specs.stream().filter(spec -> !present.containsKey(spec.name())).toList();
    Set<String> created = create(missing, problems);

    // Those that another node has created meanwhile have to be checked like the others.
    Set<String> raced = new LinkedHashSet<>();
    for (TopicSpec spec : missing) {
      boolean failed = problems.stream().anyMatch(p -> p.topic().equals(spec.name()));
      if (!created.contains(spec.name()) && !failed) {
        raced.add(spec.name());
      }
    }
    present.putAll(awaitSight(raced));
    problems.addAll(check(wanted, present));
    return problems.isEmpty() ? new Ready(created, List.of()) : new Refused(problems);
  }

  private Set<String> create(List<TopicSpec> missing, List<TopicProblem> problems) {
    Set<String> created = new LinkedHashSet<>();
    if (missing.isEmpty()) {
      return created;
    }
    List<NewTopic> topics = missing.stream().map(TopicSpec::newTopic).toList();
    Map<String, KafkaFuture<Void>> results =
        admin.createTopics(topics, new CreateTopicsOptions().retryOnQuotaViolation(true)).values();
    for (TopicSpec spec : missing) {
      try {
        await(results.get(spec.name()));
        created.add(spec.name());
      } catch (TopicExistsException _) {
        // Another node was faster.
      } catch (InvalidReplicationFactorException e) {
        problems.add(
            new TopicProblem(
                spec.name(),
                ("cannot be created with replication factor %d (%s). Start more brokers or"
                        + " configure a smaller factor.")
                    .formatted(spec.replicationFactor(), e.getMessage())));
      } catch (PolicyViolationException | InvalidConfigurationException e) {
        // The latter is the parent of AuthorizationException, too.
        problems.add(
            new TopicProblem(
                spec.name(),
                ("is missing and the cluster doesn't let us create it (%s). Create it yourself with"
                        + " %d partitions and %s, or grant the right to create it.")
                    .formatted(e.getMessage(), spec.partitions(), spec.config())));
      }
    }
    return created;
  }

  private List<TopicProblem> check(
      Map<String, TopicSpec> wanted, Map<String, TopicDescription> present) {
    List<TopicProblem> problems = new ArrayList<>();
    Map<String, Config> configs = configs(present.keySet());
    for (TopicSpec spec : wanted.values()) {
      TopicDescription description = present.get(spec.name());
      if (description != null) {
        int partitions = description.partitions().size();
        if (spec.partitionsFixed() && partitions != spec.partitions()) {
          problems.add(new TopicProblem(spec.name(), wrongPartitions(spec, partitions)));
        }
        checkConfig(spec, requireNonNull(configs.get(spec.name())), problems);
      }
    }
    return problems;
  }

  private static String wrongPartitions(TopicSpec spec, int actual) {
    if (spec.partitions() == 1) {
      return ("has %d partitions and must have 1, because the offsets of its records are compared."
              + " Create it anew with one partition (its records have to be copied).")
          .formatted(actual);
    }
    return ("has %d partitions, but %d are configured. An execution's partition is computed from"
            + " that number, so executions under way would be looked for in the wrong place."
            + " Configure %d partitions. For more, stop all coordinators and run stepstream grow"
            + " --partitions %d.")
        .formatted(actual, spec.partitions(), actual, spec.partitions());
  }

  private static void checkConfig(TopicSpec spec, Config config, List<TopicProblem> problems) {
    String cleanup = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
    if (!cleanup.equals(spec.cleanup().policy())) {
      String consequence =
          switch (spec.cleanup()) {
            case Cleanup.Compact _ -> "records that are still valid would be deleted by age";
            case Cleanup.Delete _ -> "compaction would drop records that nobody has read";
          };
      problems.add(
          new TopicProblem(
              spec.name(),
              "has cleanup.policy=%s instead of %s: %s. Mend it: %s"
                  .formatted(
                      cleanup,
                      spec.cleanup().policy(),
                      consequence,
                      alter(spec, TopicConfig.CLEANUP_POLICY_CONFIG, spec.cleanup().policy()))));
    }
    long maxBytes = Long.parseLong(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
    if (maxBytes < spec.maxRecordBytes()) {
      problems.add(
          new TopicProblem(
              spec.name(),
              "takes records of at most %d bytes, and ours may have %d: a large payload would stop its execution. Mend it: %s"
                  .formatted(
                      maxBytes,
                      spec.maxRecordBytes(),
                      alter(
                          spec,
                          TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                          Integer.toString(spec.maxRecordBytes())))));
    }
  }

  private static String alter(TopicSpec spec, String name, String value) {
    return "kafka-configs.sh --bootstrap-server ... --alter --entity-type topics --entity-name %s --add-config %s=%s"
        .formatted(spec.name(), name, value);
  }

  /** Descriptions of those of the topics that exist. */
  private Map<String, TopicDescription> describe(Set<String> names) {
    Map<String, TopicDescription> found = new HashMap<>();
    admin
        .describeTopics(names)
        .topicNameValues()
        .forEach(
            (name, future) -> {
              try {
                found.put(name, await(future));
              } catch (UnknownTopicOrPartitionException _) {
                // Missing: that is what we ask for.
              }
            });
    return found;
  }

  /** Brokers learn of a topic a moment after the controller has created it. */
  private Map<String, TopicDescription> awaitSight(Set<String> names) {
    Map<String, TopicDescription> seen = Map.of();
    for (int i = 0; i < SIGHTINGS && !names.isEmpty(); i++) {
      seen = describe(names);
      if (seen.size() == names.size()) {
        return seen;
      }
      pause();
    }
    if (seen.size() < names.size()) {
      throw new KafkaException(
          "Another node has created %s, but the brokers don't know all of them yet"
              .formatted(names));
    }
    return seen;
  }

  private static void pause() {
    try {
      Thread.sleep(SIGHTING_PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private Map<String, Config> configs(Set<String> names) {
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    Map<String, Config> configs = new HashMap<>();
    await(admin.describeConfigs(resources).all())
        .forEach((resource, config) -> configs.put(resource.name(), config));
    return configs;
  }
}
