package io.stepstream.dev.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.broker.LoopbackPorts;
import io.stepstream.dev.doctor.Finding.Severity;
import io.stepstream.schemas.acl.Component;
import io.stepstream.schemas.acl.Grant;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.topic.TopicProvisioner;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Against a broker of its own, whose topics are spoilt. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KafkaExaminationTest {

  private static final Duration LONGEST = Duration.ofSeconds(60);

  private EmbeddedBroker broker;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    broker = EmbeddedBroker.start(BrokerSettings.in(directory));
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    new TopicProvisioner(admin, TopicLayout.singleBroker()).provision();
  }

  @AfterAll
  void stop() {
    admin.close();
    broker.close();
  }

  private static List<Finding> findings(String servers, Component as, Duration hanging)
      throws InterruptedException {
    Installation installation =
        new Installation(servers, Map.of(), as, List.of(), null, Path.of("."), null);
    try (KafkaExamination kafka = new KafkaExamination(installation, hanging)) {
      return Doctor.all(kafka.examinations(), LONGEST);
    }
  }

  private List<Finding> findings() throws InterruptedException {
    return findings(broker.bootstrapServers(), Component.COORDINATOR, Duration.ofSeconds(60));
  }

  private static Stream<Finding> bad(List<Finding> findings) {
    return findings.stream().filter(finding -> finding.severity() != Severity.OK);
  }

  private void set(String topic, String name, String value) throws Exception {
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  @Test
  void shouldFindNothingWrongUntilSomethingIs() throws Exception {
    List<Finding> well = findings();
    assertThat(bad(well)).isEmpty();
    assertThat(well)
        .extracting(Finding::subject)
        .contains("broker", "feature", "topics", "transactions", "rights", "clock");

    set(Topics.COMPLETIONS, "retention.ms", "1000");
    set(Topics.AUDIT, "cleanup.policy", "compact");
    set(Topics.DLQ, "max.message.bytes", "1000");

    assertThat(bad(findings()))
        .extracting(Finding::where, Finding::severity)
        .containsExactlyInAnyOrder(
            tuple(Topics.COMPLETIONS, Severity.WARNING),
            tuple(Topics.AUDIT, Severity.FAULT),
            tuple(Topics.DLQ, Severity.FAULT));
    assertThat(bad(findings()))
        .allSatisfy(finding -> assertThat(finding.mend()).startsWith("kafka-configs.sh --alter"));

    set(Topics.COMPLETIONS, "retention.ms", "604800000");
    set(Topics.AUDIT, "cleanup.policy", "delete");
    set(Topics.DLQ, "max.message.bytes", String.valueOf(Topics.MAX_RECORD_BYTES));
    assertThat(bad(findings())).isEmpty();
  }

  @Test
  void shouldFindATransactionThatHangs() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "hangs"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(Topics.COMPLETIONS, 2, null, new byte[0])).get();

      List<Finding> findings = findings(broker.bootstrapServers(), null, Duration.ofSeconds(-60));
      producer.abortTransaction();

      assertThat(bad(findings))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.runbook()).isEqualTo(Runbook.HANGING_TRANSACTION);
                assertThat(finding.where()).startsWith(Topics.COMPLETIONS + "-2 from offset ");
                assertThat(finding.mend())
                    .contains("--topic " + Topics.COMPLETIONS + " --partition 2 --start-offset");
              });
    }
  }

  @Test
  void shouldSayThatNobodyAnswersAndGoOn() throws Exception {
    String nobody = "127.0.0.1:" + LoopbackPorts.free();

    List<Finding> findings = findings(nobody, null, Duration.ofSeconds(60));

    assertThat(findings)
        .filteredOn(finding -> finding.severity() == Severity.FAULT)
        .extracting(Finding::subject, Finding::where)
        .containsExactly(tuple("broker", nobody));
    assertThat(findings).extracting(Finding::severity).doesNotContain(Severity.OK);
  }

  @Test
  void shouldNameTheRightThatIsMissing() {
    Grant grant =
        Component.WORKER.grants().stream()
            .filter(each -> each.resource().name().equals(Topics.QUEUES))
            .findFirst()
            .orElseThrow();

    assertThat(KafkaExamination.missing(topic(grant.operations()), grant, "worker")).isEmpty();
    assertThat(KafkaExamination.missing(topic(EnumSet.of(AclOperation.ALL)), grant, "worker"))
        .isEmpty();
    assertThat(
            KafkaExamination.missing(
                topic(EnumSet.of(AclOperation.DESCRIBE_CONFIGS)), grant, "worker"))
        .hasValueSatisfying(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.FAULT);
              assertThat(finding.what()).contains("[READ]").contains("worker");
            });
  }

  private static TopicDescription topic(Set<AclOperation> allowed) {
    return new TopicDescription(Topics.QUEUES, false, List.of(), allowed);
  }
}
