package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.CommandReply;
import io.stepstream.schemas.EndedExecution;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.InspectExecution;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.ReplyKind;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.ReplyWhen;
import io.stepstream.schemas.codec.Payloads;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls of other nodes are answered over Kafka. */
class AnswersTest {

  private static final ReplyTo ELSEWHERE = new ReplyTo("another-node", 42L);
  private static final String PASS =
      "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}";

  @TempDir private Path directory;

  private static List<CommandReply> answers(LaneFixture lane) {
    return lane
        .driver
        .createOutputTopic(
            lane.lane.topics().replies(), new StringDeserializer(), new ByteArrayDeserializer())
        .readKeyValuesToList()
        .stream()
        .map(
            record -> {
              assertThat(record.key).isEqualTo("another-node");
              return LaneFixture.decoded(lane.codecs.replies(), record.value);
            })
        .toList();
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldAnswerACallOfAnotherNodeByARecord(Lane of) {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(of), directory)) {
      String arn = lane.arn(LaneFixture.machineArn("none"), "none");
      lane.send(new Envelope(arn, 1, 0L, 0, 0L, ELSEWHERE, new InspectExecution(false)));

      List<CommandReply> answers = answers(lane);
      assertThat(answers).hasSize(1);
      assertThat(answers.getFirst().getKind()).isEqualTo(ReplyKind.NO_SUCH_EXECUTION);
      assertThat(answers.getFirst().getReplyTo()).isEqualTo(ELSEWHERE);
    }
  }

  @Test
  void shouldTellAnotherNodeHowASynchronousExecutionHasEnded() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.EXPRESS), directory)) {
      String machine = lane.machine("m", PASS);
      String arn = lane.arn(machine, "run");
      LaunchExecution launch = lane.launchOf(machine, "run", "{\"a\":1}");
      launch.setReplyWhen(ReplyWhen.COMPLETED);
      lane.send(new Envelope(arn, 1, 0L, 0, 0L, ELSEWHERE, launch));

      List<CommandReply> answers = answers(lane);
      assertThat(answers).hasSize(1);
      assertThat(answers.getFirst().getKind()).isEqualTo(ReplyKind.ENDED);
      EndedExecution ended = (EndedExecution) answers.getFirst().getBody();
      assertThat(ended.getExecutionArn()).isEqualTo(arn);
      assertThat(new String(Payloads.bytes(ended.getOutput()), UTF_8)).isEqualTo("{\"a\":1}");
    }
  }

  @Test
  void shouldAnswerItsOwnCallsInTheProcess() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.EXPRESS), directory)) {
      String arn = lane.arn(LaneFixture.machineArn("none"), "none");
      assertThat(lane.ask(arn, new InspectExecution(false))).isCompleted();
      assertThat(answers(lane)).isEmpty();
    }
  }
}
