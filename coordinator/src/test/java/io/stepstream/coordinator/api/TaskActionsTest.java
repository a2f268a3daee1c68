package io.stepstream.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.TaskToken;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.api.ApiFixture.Result;
import io.stepstream.coordinator.execution.ActivityPoll;
import io.stepstream.coordinator.execution.Unavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TaskActionsTest {

  private static final String ACTIVITY = ApiFixture.ACCOUNT + "activity:a";
  private static final TaskToken TASK = new TaskToken(ApiFixture.ACCOUNT + "execution:m:run", 1, 2);

  private final ApiFixture api = new ApiFixture();
  private final String token = api.taskTokens.sign(TASK);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void shouldEndATaskWithItsOutputOnce() {
    api.tasks.open(TASK);

    Result first = api.call("SendTaskSuccess", "taskToken", token, "output", "{\"a\": 1}");
    Result second = api.call("SendTaskSuccess", "taskToken", token, "output", "{}");

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.body()).isEmpty();
    assertThat(api.tasks.saidOf(TASK)).isEqualTo("output {\"a\": 1}");
    assertThat(second.status()).isEqualTo(400);
    assertThat(second.error()).isEqualTo("TaskTimedOut");
    assertThat(second.message())
        .isEqualTo("Task Timed Out: 'Provided task does not exist anymore'");
  }

  @Test
  void shouldFailATaskWithWhatIsGiven() {
    api.tasks.open(TASK);
    assertThat(api.call("SendTaskFailure", "taskToken", token, "error", "E", "cause", "c").status())
        .isEqualTo(200);
    assertThat(api.tasks.saidOf(TASK)).isEqualTo("error E, cause c");

    api.tasks.open(TASK);
    assertThat(api.call("SendTaskFailure", "taskToken", token).status()).isEqualTo(200);
    assertThat(api.tasks.saidOf(TASK)).isEqualTo("error null, cause null");
  }

  @Test
  void shouldTellThatATaskIsAlive() {
    api.tasks.open(TASK);

    assertThat(api.call("SendTaskHeartbeat", "taskToken", token).status()).isEqualTo(200);
    assertThat(api.call("SendTaskHeartbeat", "taskToken", token).status()).isEqualTo(200);
    assertThat(api.tasks.saidOf(TASK)).isEqualTo("alive");
  }

  @ParameterizedTest
  @CsvSource({"SendTaskSuccess,output", "SendTaskFailure,error", "SendTaskHeartbeat,ignored"})
  void shouldRefuseTheTokensOfNoTask(String action, String member) {
    Result unknown = api.call(action, "taskToken", token, member, "1");
    Result damaged = api.call(action, "taskToken", token.substring(1), member, "1");
    Result foreign =
        api.call(action, "taskToken", TaskTokens.unprotected().sign(TASK), member, "1");
    Result tooLong = api.call(action, "taskToken", "a".repeat(2049), member, "1");
    Result missing = api.call(action, member, "1");

    assertThat(unknown.error()).isEqualTo("TaskDoesNotExist");
    assertThat(damaged.error()).isEqualTo("InvalidToken");
    assertThat(damaged.message()).isEqualTo("Invalid Token: 'Invalid token'");
    assertThat(foreign.error()).isEqualTo("InvalidToken");
    assertThat(tooLong.error()).isEqualTo("ValidationException");
    assertThat(missing.error()).isEqualTo("ValidationException");
  }

  @Test
  void shouldRefuseAnOutputThatIsNoJsonOrTooLarge() {
    api.tasks.open(TASK);

    assertThat(api.call("SendTaskSuccess", "taskToken", token, "output", "{").error())
        .isEqualTo("InvalidOutput");
    assertThat(api.call("SendTaskSuccess", "taskToken", token, "output", "").error())
        .isEqualTo("InvalidOutput");
    // within the characters that the model allows, beyond AWS's bytes
    String large = '"' + "é".repeat(200_000) + '"';
    assertThat(api.call("SendTaskSuccess", "taskToken", token, "output", large).error())
        .isEqualTo("InvalidOutput");
    String tooLong = '"' + "e".repeat(262_144) + '"';
    assertThat(api.call("SendTaskSuccess", "taskToken", token, "output", tooLong).error())
        .isEqualTo("ValidationException");
    String longest = '"' + "e".repeat(262_142) + '"';
    assertThat(api.call("SendTaskSuccess", "taskToken", token, "output", longest).status())
        .isEqualTo(200);
  }

  @Test
  void shouldRefuseAnErrorOrCauseThatIsTooLong() {
    api.tasks.open(TASK);

    assertThat(api.call("SendTaskFailure", "taskToken", token, "error", "e".repeat(257)).error())
        .isEqualTo("ValidationException");
    assertThat(api.call("SendTaskFailure", "taskToken", token, "cause", "c".repeat(32_769)).error())
        .isEqualTo("ValidationException");
    assertThat(api.tasks.saidOf(TASK)).isEmpty();
  }

  @Test
  void shouldSayWhenNobodyCanAnswer() {
    api.tasks.failWith(new Unavailable("away", Duration.ofSeconds(1)));

    assertThat(api.call("SendTaskHeartbeat", "taskToken", token).status()).isEqualTo(503);
    api.call("CreateActivity", "name", "a");
    assertThat(api.call("GetActivityTask", "activityArn", ACTIVITY).status()).isEqualTo(503);
  }

  @Test
  void shouldGiveAWorkerATask() {
    api.call("CreateActivity", "name", "a");
    api.tasks.answer(ACTIVITY, new ActivityPoll.Task(token, "{\"a\":1}".getBytes(UTF_8)));

    Result task = api.call("GetActivityTask", "activityArn", ACTIVITY, "workerName", "w");

    assertThat(task.text("taskToken")).isEqualTo(token);
    assertThat(task.text("input")).isEqualTo("{\"a\":1}");
    assertThat(api.tasks.lastWorker()).isEqualTo("w");
  }

  @Test
  void shouldAnswerWithNoTokenWhenThereIsNoTaskInTime() {
    api.call("CreateActivity", "name", "a");

    Result nothing = api.call("GetActivityTask", "activityArn", ACTIVITY);

    assertThat(nothing.status()).isEqualTo(200);
    assertThat(nothing.body()).isEmpty();
    assertThat(api.tasks.lastWorker()).isNull();
  }

  @Test
  void shouldStopWaitingWhenTheClientHasGone() {
    api.call("CreateActivity", "name", "a");
    CompletableFuture<Result> call =
        CompletableFuture.supplyAsync(() -> api.call("GetActivityTask", "activityArn", ACTIVITY));
    Awaitility.await().until(() -> api.tasks.isPolled(ACTIVITY) || call.isDone());

    api.gone.complete(null);

    assertThat(call.join().status()).isEqualTo(200);
    assertThat(api.tasks.isPolled(ACTIVITY)).isFalse();
  }

  @Test
  void shouldRefuseWhatIsNoActivity() {
    Result none = api.call("GetActivityTask", "activityArn", ACTIVITY);
    Result noArn = api.call("GetActivityTask", "activityArn", "no_an_activity_arn");
    Result other = api.call("GetActivityTask", "activityArn", ApiFixture.ACCOUNT + "execution:m:r");
    Result longName =
        api.call("GetActivityTask", "activityArn", ACTIVITY, "workerName", "w".repeat(81));

    assertThat(none.error()).isEqualTo("ActivityDoesNotExist");
    assertThat(none.message()).isEqualTo("Activity Does Not Exist: '" + ACTIVITY + "'");
    assertThat(noArn.error()).isEqualTo("InvalidArn");
    assertThat(noArn.message()).isEqualTo("Invalid Arn: 'Invalid ARN prefix: no_an_activity_arn'");
    assertThat(other.error()).isEqualTo("InvalidArn");
    assertThat(longName.error()).isEqualTo("ValidationException");
  }

  @Test
  void shouldRefuseMoreWorkersThanMayWait() {
    api.call("CreateActivity", "name", "a");
    api.tasks.answer(ACTIVITY, new ActivityPoll.TooManyWorkers());

    assertThat(api.call("GetActivityTask", "activityArn", ACTIVITY).error())
        .isEqualTo("ActivityWorkerLimitExceeded");
  }
}
