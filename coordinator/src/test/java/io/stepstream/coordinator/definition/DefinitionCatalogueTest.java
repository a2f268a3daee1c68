package io.stepstream.coordinator.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepstream.coordinator.definition.DefinitionsInMemory.Node;
import io.stepstream.schemas.DefinitionRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DefinitionCatalogueTest {

  private static final String ARN = "arn:aws:states:us-east-1:111111111111:stateMachine:orders";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final AtomicInteger compilations = new AtomicInteger();
  private final DefinitionsInMemory topic =
      new DefinitionsInMemory(
          (definition, lane) -> {
            compilations.incrementAndGet();
            return TestDefinitions.compile(definition, lane);
          });

  @AfterEach
  void close() {
    topic.close();
  }

  @Test
  void shouldKnowWhatWasThereWhenItHasCaughtUp() throws Exception {
    append(revision("r1", TestDefinitions.PASS));
    DefinitionCatalogue catalogue = topic.node().catalogue();

    assertThat(catalogue.awaitCaughtUp(PATIENCE)).isTrue();

    assertThat(catalogue.isCaughtUp()).isTrue();
    assertThat(catalogue.position()).isEqualTo(2);
    assertThat(catalogue.index().current(ARN).orElseThrow().offset()).isEqualTo(1);
    CompiledMachine machine = catalogue.find(ARN, "r1").orElseThrow();
    assertThat(machine.revision().getRevisionId()).isEqualTo("r1");
    assertThat(machine.flows()).containsOnlyKeys("");
    assertThat(catalogue.find(ARN, "r2")).isEmpty();
  }

  @Test
  void shouldKeepOldRevisionsOfAnUpdatedMachine() throws Exception {
    DefinitionCatalogue catalogue = topic.node().catalogue();
    append(revision("r1", TestDefinitions.PASS));
    long offset = append(revision("r2", TestDefinitions.PASS + " "));

    assertThat(catalogue.awaitOffset(offset, PATIENCE)).isTrue();

    assertThat(catalogue.index().current(ARN).orElseThrow().value().getRevisionId())
        .isEqualTo("r2");
    assertThat(catalogue.find(ARN, "r1")).isPresent();
    assertThat(catalogue.find(ARN, "r2")).isPresent();
  }

  @Test
  void shouldCompileARevisionOnceAndOnlyWhenItIsWanted() throws Exception {
    append(revision("r1", TestDefinitions.PASS));
    topic.node().catalogue().awaitCaughtUp(PATIENCE);
    await().untilAsserted(() -> assertThat(topic.judged()).isEqualTo(2));
    compilations.set(0);

    DefinitionCatalogue restarted = topic.node().catalogue();
    restarted.awaitCaughtUp(PATIENCE);
    assertThat(compilations).hasValue(0);

    restarted.find(ARN, "r1");
    restarted.find(ARN, "r1");
    assertThat(compilations).hasValue(1);
  }

  @Test
  void shouldGiveUpWaitingForAnOffsetThatDoesNotCome() throws Exception {
    DefinitionCatalogue catalogue = topic.node().catalogue();

    assertThat(catalogue.awaitOffset(7, Duration.ofMillis(50))).isFalse();
  }

  @Test
  void shouldSeeWhatAnotherNodeHasJustWritten() throws Exception {
    DefinitionCatalogue catalogue = topic.node().catalogue();
    catalogue.awaitCaughtUp(PATIENCE);
    append(revision("r1", TestDefinitions.PASS));

    catalogue.catchUp().get(5, TimeUnit.SECONDS);

    assertThat(catalogue.index().current(ARN)).isPresent();
  }

  @Test
  void shouldForgetAMachineWhoseRecordsAreTombstones() throws Exception {
    DefinitionCatalogue catalogue = topic.node().catalogue();
    append(revision("r1", TestDefinitions.PASS));
    topic.append(ARN, null);
    long offset = topic.append(ARN + "@r1", null);

    catalogue.awaitOffset(offset, PATIENCE);

    assertThat(catalogue.index().current(ARN)).isEmpty();
    assertThat(catalogue.find(ARN, "r1")).isEmpty();
  }

  @Test
  void shouldPassOverPoisonAndReportItOnce() throws Exception {
    Node node = topic.node();
    StateMachineRevision good = revision("r1", TestDefinitions.PASS);
    topic.append(ARN, "garbage".getBytes(UTF_8));
    topic.append(ARN, new byte[] {0, 0, 0, 0, 9, 1});
    topic.append(
        ARN,
        WireCodec.forTopic(TaskHeartbeat.class, "definitions", SchemaRegistry.bundled())
            .encode(TaskHeartbeat.newBuilder().build()));
    topic.append("arn:another", encode(good));
    topic.append(ARN, encode(StateMachineRevision.newBuilder(good).setLane(Lane.UNKNOWN).build()));
    topic.append(ARN, encode(StateMachineRevision.newBuilder(good).setName("x").build()));
    topic.append(ARN, encode(revision("r0", "not a definition")));
    topic.append(null, encode(good));
    append(good);
    long offset = topic.append(ARN + "@r1", encode(revision("r1", TestDefinitions.PASS + " ")));

    assertThat(node.catalogue().awaitOffset(offset, PATIENCE)).isTrue();

    assertThat(node.catalogue().find(ARN, "r1").orElseThrow().revision()).isEqualTo(good);
    assertThat(node.catalogue().find(ARN, "r0")).isEmpty();
    assertThat(topic.deadLetters)
        .extracting(letter -> letter.substring(0, letter.indexOf(':')))
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "10");
    assertThat(topic.deadLetters.get(6)).contains(TestDefinitions.INVALID);
    assertThat(topic.deadLetters.get(8)).contains("is defined differently at 8");

    await().untilAsserted(() -> assertThat(topic.judged()).isEqualTo(offset + 1));
    topic.deadLetters.clear();
    DefinitionCatalogue restarted = topic.node().catalogue();
    restarted.awaitCaughtUp(PATIENCE);
    assertThat(topic.deadLetters).isEmpty();
    assertThat(restarted.find(ARN, "r1")).isPresent();
  }

  @Test
  void shouldSurviveAPoisonedDefinitionThatWasJudgedByAnOlderVersion() throws Exception {
    append(revision("r1", "not a definition"));
    topic.judge(2);
    DefinitionCatalogue catalogue = topic.node().catalogue();
    catalogue.awaitCaughtUp(PATIENCE);

    assertThat(catalogue.index().current(ARN)).isPresent();
    assertThat(catalogue.find(ARN, "r1")).isEmpty();
  }

  private long append(StateMachineRevision revision) {
    topic.append(ARN + '@' + revision.getRevisionId(), encode(revision));
    return topic.append(ARN, encode(revision));
  }

  private byte[] encode(StateMachineRevision revision) {
    return topic.codec().encode(new DefinitionRecord(revision));
  }

  private static StateMachineRevision revision(String id, String definition) {
    return StateMachineRevision.newBuilder()
        .setStateMachineArn(ARN)
        .setRevisionId(id)
        .setName("orders")
        .setLane(Lane.STANDARD)
        .setRoleArn("arn:aws:iam::111111111111:role/r")
        .setDefinition(ByteBuffer.wrap(definition.getBytes(UTF_8)))
        .setCreationDate(Instant.ofEpochMilli(1_700_000_000_000L))
        .setUpdateDate(Instant.ofEpochMilli(1_700_000_000_000L))
        .build();
  }
}
