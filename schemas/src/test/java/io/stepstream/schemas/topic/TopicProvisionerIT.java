package io.stepstream.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.topic.Provisioning.Ready;
import io.stepstream.schemas.topic.Provisioning.Refused;
import io.stepstream.schemas.topic.Provisioning.TopicProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TopicProvisionerIT {

  private static final TopicLayout LAYOUT = new TopicLayout(3, 2, 1, 1);

  private static SingleBroker broker;
  private static Admin admin;

  private final TopicProvisioner provisioner = new TopicProvisioner(admin, LAYOUT);

  @BeforeAll
  static void start() throws Exception {
    broker = SingleBroker.start();
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterAll
  static void stop() throws Exception {
    if (admin != null) {
      admin.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  @AfterEach
  void deleteTopics() throws Exception {
    admin.deleteTopics(admin.listTopics().names().get()).all().get();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> admin.listTopics().names().get().isEmpty());
  }

  @Test
  void shouldCreateEverythingAndThenLeaveItAlone() throws Exception {
    List<String> names = Topics.catalogue(LAYOUT).stream().map(TopicSpec::name).toList();

    assertThat(provisioner.provision())
        .isInstanceOfSatisfying(
            Ready.class,
            ready -> assertThat(ready.created()).containsExactlyInAnyOrderElementsOf(names));
    assertThat(provisioner.provision())
        .isInstanceOfSatisfying(Ready.class, ready -> assertThat(ready.created()).isEmpty());

    var descriptions = admin.describeTopics(names).allTopicNames().get();
    for (TopicSpec spec : Topics.catalogue(LAYOUT)) {
      assertThat(descriptions.get(spec.name()).partitions()).hasSize(spec.partitions());
      Config config = topicConfig(spec.name());
      spec.config().forEach((name, value) -> assertThat(config.get(name).value()).isEqualTo(value));
    }
  }

  @Test
  void shouldBearThatManyNodesStartAtOnce() throws Exception {
    Callable<Provisioning> start =
        () -> {
          try (Admin own = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return new TopicProvisioner(own, LAYOUT).provision();
          }
        };
    List<String> created = new ArrayList<>();
    try (ExecutorService nodes = Executors.newFixedThreadPool(4)) {
      for (Future<Provisioning> node :
          nodes.invokeAll(IntStream.range(0, 4).mapToObj(_ -> start).toList())) {
        assertThat(node.get())
            .isInstanceOfSatisfying(Ready.class, ready -> created.addAll(ready.created()));
      }
    }
    assertThat(created)
        .as("each topic was created by exactly one node")
        .containsExactlyInAnyOrderElementsOf(
            Topics.catalogue(LAYOUT).stream().map(TopicSpec::name).toList());
  }

  @Test
  void shouldRefuseAnotherPartitionCountAndNotTouchIt() throws Exception {
    create("stepstream.std.inbox", 5, Map.of());
    create(
        Topics.DEFINITIONS, 2, Map.of("cleanup.policy", "compact", "max.message.bytes", "5000000"));
    create(Topics.START_EXECUTION, 7, Map.of());

    Provisioning result = provisioner.provision();

    assertThat(problems(result)).containsOnlyKeys("stepstream.std.inbox", Topics.DEFINITIONS);
    assertThat(problems(result).get("stepstream.std.inbox"))
        .contains("has 5 partitions, but 3 are configured", "Configure 5 partitions");
    assertThat(problems(result).get(Topics.DEFINITIONS))
        .contains("has 2 partitions", "must have 1");
    assertThat(
            admin
                .describeTopics(List.of("stepstream.std.inbox"))
                .allTopicNames()
                .get()
                .get("stepstream.std.inbox")
                .partitions())
        .hasSize(5);
  }

  @Test
  void shouldRefuseSettingsThatLoseRecordsAndAcceptThemOnceMended() throws Exception {
    provisioner.provision();
    alter(Topics.DEFINITIONS, Map.of("cleanup.policy", "delete"));
    alter("stepstream.history", Map.of("max.message.bytes", "1000"));

    Provisioning broken = provisioner.provision();

    assertThat(problems(broken)).containsOnlyKeys(Topics.DEFINITIONS, "stepstream.history");
    assertThat(problems(broken).get(Topics.DEFINITIONS))
        .contains(
            "cleanup.policy=delete instead of compact", "--add-config cleanup.policy=compact");
    assertThat(problems(broken).get("stepstream.history"))
        .contains("at most 1000 bytes", "--add-config max.message.bytes=4194304");

    alter(Topics.DEFINITIONS, Map.of("cleanup.policy", "compact"));
    alter("stepstream.history", Map.of("max.message.bytes", "4194304", "retention.ms", "1000"));
    assertThat(provisioner.provision()).isInstanceOf(Ready.class);
  }

  @Test
  void shouldExplainThatThereAreTooFewBrokers() {
    Provisioning result = new TopicProvisioner(admin, new TopicLayout(1, 1, 3, 2)).provision();

    assertThat(problems(result)).hasSize(Topics.catalogue(LAYOUT).size());
    assertThat(((Refused) result).message())
        .contains("stepstream.dlq: cannot be created with replication factor 3");
  }

  @Test
  void shouldCreateQueuesWithAShareGroupThatLosesNothing() throws Exception {
    assertThat(provisioner.provisionQueue("orders"))
        .isEqualTo(
            new Ready(
                Set.of("stepstream.tasks.orders", "stepstream.queues", "stepstream.abandoned"),
                List.of()));
    assertThat(provisioner.provisionQueue("orders")).isEqualTo(new Ready(Set.of(), List.of()));

    ConfigResource group =
        new ConfigResource(ConfigResource.Type.GROUP, "stepstream.workers.orders");
    Config config = admin.describeConfigs(List.of(group)).all().get().get(group);
    assertThat(config.get("share.auto.offset.reset").value()).isEqualTo("earliest");
    assertThat(config.get("share.isolation.level").value()).isEqualTo("read_committed");
    assertThat(config.get("share.delivery.count.limit").value()).isEqualTo("10");
  }

  private static Map<String, String> problems(Provisioning result) {
    assertThat(result).isInstanceOf(Refused.class);
    return ((Refused) result)
        .problems().stream().collect(Collectors.toMap(TopicProblem::topic, TopicProblem::message));
  }

  private static void create(String name, int partitions, Map<String, String> config)
      throws Exception {
    admin
        .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(config)))
        .all()
        .get();
  }

  private static Config topicConfig(String name) throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
    return admin.describeConfigs(List.of(topic)).all().get().get(topic);
  }

  private static void alter(String name, Map<String, String> settings) throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
    List<AlterConfigOp> operations =
        settings.entrySet().stream()
            .map(
                e ->
                    new AlterConfigOp(
                        new ConfigEntry(e.getKey(), e.getValue()), AlterConfigOp.OpType.SET))
            .toList();
    admin.incrementalAlterConfigs(Map.of(topic, operations)).all().get();
    // The broker answers from its own copy of the metadata, which follows the controller's.
    Awaitility.await()
        .until(
            () -> {
              Config config = topicConfig(name);
              return settings.entrySet().stream()
                  .allMatch(e -> config.get(e.getKey()).value().equals(e.getValue()));
            });
  }
}
