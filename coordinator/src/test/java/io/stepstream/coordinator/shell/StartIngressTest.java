package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartIngressTest {

  private static final String SUCCEED =
      "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Succeed\"}}}";

  @TempDir Path directory;

  private LaneFixture lane(Lane of) {
    return new LaneFixture(LaneFixture.of(of), directory);
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldStartUnderTheNameThatIsAskedFor(Lane of) {
    try (LaneFixture lane = lane(of)) {
      String machine = lane.machine("m", SUCCEED);
      lane.start(machine, "Größe.1", "{\"n\":1}");
      assertThat(lane.completions())
          .singleElement()
          .satisfies(
              c -> {
                assertThat(c.getStatus()).isEqualTo(ExecutionStatus.SUCCEEDED);
                assertThat(c.getName()).isEqualTo("Größe.1");
                assertThat(c.getExecutionArn())
                    .startsWith(
                        machine.replace(
                                "stateMachine", of == Lane.EXPRESS ? "express" : "execution")
                            + ":Größe.1");
              });
      assertThat(lane.deadLetters()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldStartByAnAliasAndTellByWhich(Lane of) {
    try (LaneFixture lane = lane(of)) {
      String machine = lane.machine("m", SUCCEED);
      lane.start(lane.alias(machine, "PROD", 3), "run", "{}");

      assertThat(lane.completions())
          .singleElement()
          .satisfies(
              c -> {
                assertThat(c.getStateMachineArn()).isEqualTo(machine);
                assertThat(c.getStateMachineVersionArn()).isEqualTo(machine + ":3");
                assertThat(c.getStateMachineAliasArn()).isEqualTo(machine + ":PROD");
              });
      assertThat(lane.history().getFirst().getEvents().getFirst().getDetails())
          .satisfies(
              started -> {
                assertThat(started.getStateMachineVersionArn()).isEqualTo(machine + ":3");
                assertThat(started.getStateMachineAliasArn()).isEqualTo(machine + ":PROD");
              });
    }
  }

  @Test
  void shouldDeriveTheNameOfAnUnnamedStartFromWhereItStands() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      lane.start(machine, null, "{}");
      lane.start(machine, null, "{}");
      assertThat(lane.tasks("lambda"))
          .extracting(order -> order.getExecutionArn())
          .containsExactly(lane.arn(machine, derived(0)), lane.arn(machine, derived(1)));
    }
    // a replay of the topic gives the same executions
    try (LaneFixture replayed = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine = replayed.machine("m", LaneFixture.oneTask(""));
      replayed.start(machine, null, "{}");
      assertThat(replayed.eventTypes(replayed.arn(machine, derived(0))))
          .contains("ExecutionStarted");
    }
  }

  private static String derived(long offset) {
    return UUID.nameUUIDFromBytes((Topics.START_EXECUTION + "-0-" + offset).getBytes(UTF_8))
        .toString();
  }

  @Test
  void shouldTakeTheSameNamedStartOnce() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      lane.start(machine, "run", "{}");
      lane.start(machine, "run", "{}");
      assertThat(lane.tasks("lambda")).hasSize(1);
    }
  }

  @Test
  void shouldBeginWhenItIsTakenWhateverTheRecordsTimestamp() {
    try (LaneFixture lane = lane(Lane.EXPRESS)) {
      // an event of 1970: its five minutes would be over
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      byte[] start =
          lane.codecs
              .starts()
              .encode(new StartExecution(machine, null, Payloads.of("{}".getBytes(UTF_8)), null));
      lane.driver
          .createInputTopic(
              Topics.START_EXECUTION, new ByteArraySerializer(), new ByteArraySerializer())
          .pipeInput(new TestRecord<>(null, start, Instant.EPOCH));
      lane.advance(java.time.Duration.ofSeconds(1));
      assertThat(lane.completions()).isEmpty();
      lane.succeeds(lane.task(), "1");
      assertThat(lane.completions())
          .extracting(ExecutionCompleted::getStartDate)
          .containsExactly(LaneFixture.START);
    }
  }

  @Test
  void shouldWaitForAMachineThatWasCreatedAMomentAgo() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      lane.definitions.onCatchUp = () -> lane.machine("m", SUCCEED);
      lane.start(LaneFixture.machineArn("m"), "run", "{}");
      assertThat(lane.completions()).hasSize(1);
      assertThat(lane.deadLetters()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldLeaveTheOtherLanesMachinesAlone(Lane of) {
    try (LaneFixture lane = lane(of)) {
      Lane other = of == Lane.EXPRESS ? Lane.STANDARD : Lane.EXPRESS;
      String machine = lane.machine("m", SUCCEED, other);
      lane.start(machine, "run", "{}");
      lane.start(machine, "bad name", "{}");
      assertThat(lane.completions()).isEmpty();
      assertThat(lane.deadLetters()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldPutUnknownAndUnreadableStartsAsideOnceForBothLanes(Lane of) {
    try (LaneFixture lane = lane(of)) {
      lane.start(LaneFixture.machineArn("nobody"), "run", "{}");
      byte[] garbage = "garbage".getBytes(UTF_8);
      lane.write(Topics.START_EXECUTION, "k", garbage);
      lane.write(Topics.START_EXECUTION, "k", null);
      List<TestRecord<byte[], byte[]>> letters = lane.deadLetters();
      if (of == Lane.EXPRESS) {
        assertThat(letters).isEmpty();
      } else {
        assertThat(letters).hasSize(3);
        assertThat(LaneFixture.headers(letters.getFirst()))
            .containsEntry(
                "stepstream.dlq.reason",
                "State Machine Does Not Exist: '" + LaneFixture.machineArn("nobody") + "'")
            .containsEntry("stepstream.dlq.topic", Topics.START_EXECUTION);
        assertThat(letters.get(1).value()).isEqualTo(garbage);
      }
      // and the next start is taken
      lane.start(lane.machine("m", SUCCEED), "run", "{}");
      assertThat(lane.completions()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldPutBadStartsOfItsOwnMachinesAside(Lane of) {
    try (LaneFixture lane = lane(of)) {
      String machine = lane.machine("m", SUCCEED);
      lane.start(machine, "run", "{\"a\":");
      lane.start(machine, "run", '"' + "x".repeat(262_143) + '"');
      assertThat(lane.deadLetters())
          .extracting(letter -> LaneFixture.headers(letter).get("stepstream.dlq.reason"))
          .satisfiesExactly(
              reason -> assertThat(reason).startsWith("Invalid State Machine Execution Input: "),
              reason ->
                  assertThat(reason).isEqualTo("the input has 262145 bytes, more than 262144"));
      assertThat(lane.completions()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a:b", "a#1", "a/b", "a\u0000b", "a\u0085b", "<a>"})
  void shouldRefuseNames(String name) {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      lane.start(lane.machine("m", SUCCEED), name, "{}");
      assertThat(lane.completions()).isEmpty();
      assertThat(lane.deadLetters())
          .extracting(letter -> LaneFixture.headers(letter).get("stepstream.dlq.reason"))
          .containsExactly("Invalid Name: '" + name + "'");
    }
  }

  @Test
  void shouldRefuseANameOfMoreThan80Characters() {
    try (LaneFixture lane = lane(Lane.STANDARD)) {
      String machine = lane.machine("m", SUCCEED);
      lane.start(machine, "x".repeat(81), "{}");
      assertThat(lane.deadLetters()).hasSize(1);
      lane.start(machine, "x".repeat(80), "{}");
      assertThat(lane.completions()).hasSize(1);
    }
  }
}
