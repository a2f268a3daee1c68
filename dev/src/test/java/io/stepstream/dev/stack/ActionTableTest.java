package io.stepstream.dev.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.api.protocol.Constraints;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.stack.ActionRow.Right;
import io.stepstream.dev.stack.ActionRow.Turn;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ActionTableTest {

  private static final Turn TURN = new Turn(0, 7);
  private static final Subjects ANY =
      new Subjects(0, List.of("run"), List.of(), List.of(), List.of("token"));

  @Test
  void shouldHaveAnAnswerOfEveryAction() {
    Set<String> answered =
        ActionTable.of(ANY).stream()
            .filter(row -> !(row.right() instanceof Right.Refusal))
            .map(ActionRow::action)
            .collect(Collectors.toSet());

    assertThat(answered).hasSize(37).isEqualTo(Constraints.load().actions());
  }

  @Test
  void shouldTellRightAnswersFromWrongOnes() {
    ActionRow row = row("DescribeExecution");

    assertThat(row.isAnswered(TURN, described(7), false)).isTrue();
    assertThatThrownBy(() -> row.isAnswered(TURN, described(8), false))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void shouldWaitForAnAnswerThatIsEmptyAsLongAsThereIsNothing() {
    ActionRow row = row("GetActivityTask");

    assertThat(row.isAnswered(TURN, new Node.Reply.Answered(request()), false)).isFalse();
    assertThatThrownBy(
            () ->
                row.isAnswered(TURN, new Node.Reply.Answered(request().put("input", "{}")), false))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void shouldTakeARefusalForWhatIsToBeRefused() {
    ActionRow row =
        ActionTable.of(ANY).stream()
            .filter(each -> each.right().equals(new Right.Refusal("ExecutionDoesNotExist")))
            .findFirst()
            .orElseThrow();

    assertThat(row.isAnswered(TURN, refused(400, "ExecutionDoesNotExist"), false)).isTrue();
    assertThatThrownBy(() -> row.isAnswered(TURN, described(7), false))
        .isInstanceOf(AssertionError.class);
  }

  @ParameterizedTest
  @CsvSource({
    "400, ExecutionDoesNotExist",
    "500, InternalFailure",
    "503, SomethingElse",
    "400, ServiceUnavailable"
  })
  void shouldTakeNoOtherRefusal(int status, String code) {
    assertThatThrownBy(() -> row("DescribeExecution").isAnswered(TURN, refused(status, code), true))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void shouldComeAgainWhenItIsTold() {
    ActionRow row = row("DescribeExecution");

    assertThat(row.isAnswered(TURN, refused(503, "ServiceUnavailable"), false)).isFalse();
    assertThat(row.isAnswered(TURN, refused(400, "ThrottlingException"), false)).isFalse();
    assertThatThrownBy(
            () ->
                row.isAnswered(
                    TURN,
                    new Node.Reply.Refused(503, "ServiceUnavailable", "", Optional.empty()),
                    false))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Retry-After");
  }

  @Test
  void shouldTakeWhatARepeatIsRefusedOnlyAfterARepeat() {
    ActionRow row = row("SendTaskSuccess");

    assertThat(row.isAnswered(TURN, refused(400, "TaskTimedOut"), true)).isTrue();
    assertThatThrownBy(() -> row.isAnswered(TURN, refused(400, "TaskTimedOut"), false))
        .isInstanceOf(AssertionError.class);
  }

  private static ActionRow row(String action) {
    return ActionTable.of(ANY).stream()
        .filter(row -> row.action().equals(action))
        .findFirst()
        .orElseThrow();
  }

  private static Node.Reply described(int index) {
    return new Node.Reply.Answered(
        request().put("executionArn", Subjects.open(index)).put("status", "RUNNING"));
  }

  private static Node.Reply refused(int status, String code) {
    return new Node.Reply.Refused(status, code, "", Optional.of("1"));
  }

  private static ObjectNode request() {
    return StepFunctionsClient.request();
  }
}
