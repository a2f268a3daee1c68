package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.TaskToken;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TaskSubmitted;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that somebody with their token ends, and every way in which he can come too late. */
final class CallbackTest {

  private static final String CALLBACK =
      """
      {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::%s.waitForTaskToken",\
      %s"Parameters":{"t.$":"$$.Task.Token"},"End":true}}}\
      """;

  @TempDir Path directory;
  private LaneFixture lane;

  @BeforeEach
  void open() {
    lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory);
  }

  @AfterEach
  void close() {
    lane.close();
  }

  private TaskToken launch(String fields) {
    String machine = lane.machine("m", CALLBACK.formatted("sqs:sendMessage", fields));
    lane.launch(machine, "run", "{}");
    return token(lane.task());
  }

  private TaskToken token(TaskOrder order) {
    TaskToken token = lane.tokens.verify(order.getTaskToken());
    assertThat(token)
        .isEqualTo(new TaskToken(order.getExecutionArn(), order.getFrameId(), order.getEpoch()));
    return token;
  }

  /** What is answered, without a commit. */
  private CompletableFuture<Reply> saying(TaskToken task, Object body) {
    PendingReplies.Call call = lane.replies.open(Duration.ofMinutes(5));
    lane.send(
        new Envelope(
            task.executionArn(), 1, task.frameId(), task.epoch(), 0L, call.replyTo(), body));
    return call.reply();
  }

  private Reply say(TaskToken task, Object body) {
    CompletableFuture<Reply> reply = saying(task, body);
    lane.commit();
    assertThat(reply).isCompleted();
    return reply.join();
  }

  private static TaskSucceeded success(String output) {
    return new TaskSucceeded(Payloads.of(output.getBytes(UTF_8)));
  }

  private static TaskHeartbeat beat() {
    return new TaskHeartbeat(null);
  }

  private ExecutionCompleted completion() {
    var completions = lane.completions();
    assertThat(completions).hasSize(1);
    return completions.getFirst();
  }

  @Test
  void shouldPutTheSameTokenIntoTheOrderAndTheArguments() {
    String machine = lane.machine("m", CALLBACK.formatted("lambda:invoke", ""));
    lane.launch(machine, "run", "{}");

    TaskOrder order = lane.task();

    assertThat(new String(Payloads.bytes(order.getInput()), UTF_8))
        .isEqualTo("{\"t\":\"" + order.getTaskToken() + "\"}");
    token(order);
  }

  @Test
  void shouldTellTheWorkerWhomTheTaskActsAs() {
    String machine =
        lane.machine("m", LaneFixture.oneTask("\"Credentials\":{\"RoleArn.$\":\"$.role\"},"));
    lane.launch(machine, "run", "{\"role\":\"arn:aws:iam::1:role/r\"}");

    assertThat(lane.task().getRoleArn()).isEqualTo("arn:aws:iam::1:role/r");
  }

  @Test
  void shouldGiveNoTokenToATaskThatItsWorkerEnds() {
    lane.launch(lane.machine("m", LaneFixture.oneTask("")), "run", "{}");

    assertThat(lane.task().getTaskToken()).isNull();
  }

  @Test
  void shouldEndWithTheOutputAndAnswerAfterTheCommit() {
    TaskToken task = launch("");

    CompletableFuture<Reply> reply = saying(task, success("{\"ok\":true}"));

    assertThat(reply).as("before the commit").isNotDone();
    lane.commit();
    assertThat(reply).isCompletedWithValue(new Reply.TaskAccepted());
    assertThat(new String(Payloads.bytes(completion().getOutput()), UTF_8))
        .isEqualTo("{\"ok\":true}");
  }

  @Test
  void shouldTakeTheFirstOfTwoAnswers() {
    TaskToken task = launch("");
    CompletableFuture<Reply> first = saying(task, success("1"));
    CompletableFuture<Reply> second = saying(task, success("2"));
    CompletableFuture<Reply> third = saying(task, new TaskFailed("E", null));
    lane.commit();

    assertThat(first).isCompletedWithValue(new Reply.TaskAccepted());
    assertThat(second.join()).isInstanceOf(Reply.AlreadyEnded.class);
    assertThat(third.join()).isInstanceOf(Reply.AlreadyEnded.class);
    assertThat(new String(Payloads.bytes(completion().getOutput()), UTF_8)).isEqualTo("1");
  }

  @Test
  void shouldTellASecondAnswerThatTheTaskIsOverWhileTheExecutionGoesOn() {
    String machine =
        lane.machine(
            "m",
            CALLBACK
                .formatted("sqs:sendMessage", "")
                .replace(
                    "\"End\":true}}}",
                    "\"Next\":\"W\"},\"W\":{\"Type\":\"Wait\",\"Seconds\":60,\"End\":true}}}"));
    lane.launch(machine, "run", "{}");
    TaskToken task = token(lane.task());

    assertThat(say(task, success("1"))).isEqualTo(new Reply.TaskAccepted());
    assertThat(say(task, success("1"))).isEqualTo(new Reply.TaskOver());
    assertThat(say(task, beat())).isEqualTo(new Reply.TaskOver());
  }

  @Test
  void shouldFailWithOrWithoutErrorAndCause() {
    TaskToken task = launch("");

    assertThat(say(task, new TaskFailed(null, null))).isEqualTo(new Reply.TaskAccepted());

    ExecutionCompleted end = completion();
    assertThat(end.getStatus()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(end.getError()).isNull();
    assertThat(end.getCause()).isNull();
  }

  @Test
  void shouldNotTakeAnAnswerAfterTheTimeout() {
    TaskToken task = launch("\"TimeoutSeconds\":5,");
    lane.advance(Duration.ofSeconds(5));

    assertThat(completion().getError()).isEqualTo("States.Timeout");
    assertThat(say(task, success("1"))).isInstanceOf(Reply.AlreadyEnded.class);
  }

  @Test
  void shouldTakeAnAnswerThatIsReadBeforeTheTimeoutFires() {
    TaskToken task = launch("\"TimeoutSeconds\":5,");
    lane.advance(Duration.ofMillis(4_900));

    assertThat(say(task, success("1"))).isEqualTo(new Reply.TaskAccepted());
    lane.advance(Duration.ofSeconds(5));

    assertThat(completion().getStatus()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void shouldNotTakeAnAnswerAfterAStop() {
    TaskToken task = launch("");
    lane.ask(task.executionArn(), new StopExecution(null, null, lane.now()));

    assertThat(say(task, success("1"))).isInstanceOf(Reply.AlreadyEnded.class);
    assertThat(say(task, beat())).isInstanceOf(Reply.AlreadyEnded.class);
    assertThat(completion().getStatus()).isEqualTo(ExecutionStatus.ABORTED);
  }

  @Test
  void shouldNotTakeTheTokenOfAnEarlierAttempt() {
    TaskToken first =
        launch("\"Retry\":[{\"ErrorEquals\":[\"States.ALL\"],\"IntervalSeconds\":1}],");
    assertThat(say(first, new TaskFailed("E", "c"))).isEqualTo(new Reply.TaskAccepted());
    assertThat(say(first, success("1"))).as("while it waits").isEqualTo(new Reply.TaskOver());
    lane.advance(Duration.ofSeconds(1));
    TaskToken second = token(lane.task());

    assertThat(second.epoch()).isGreaterThan(first.epoch());
    assertThat(say(first, success("1"))).isEqualTo(new Reply.TaskOver());
    assertThat(say(first, beat())).isEqualTo(new Reply.TaskOver());
    assertThat(say(second, success("2"))).isEqualTo(new Reply.TaskAccepted());
  }

  @Test
  void shouldLiveOnHeartbeatsAndFailWithoutThem() {
    TaskToken task = launch("\"TimeoutSeconds\":600,\"HeartbeatSeconds\":5,");
    for (int i = 0; i < 3; i++) {
      lane.advance(Duration.ofSeconds(4));
      assertThat(say(task, beat())).isEqualTo(new Reply.TaskAccepted());
    }
    assertThat(lane.completions()).isEmpty();

    lane.advance(Duration.ofSeconds(5));

    assertThat(completion().getError()).isEqualTo("States.Timeout");
    assertThat(say(task, beat())).as("too late").isInstanceOf(Reply.AlreadyEnded.class);
    assertThat(lane.eventTypes(task.executionArn())).contains("TaskTimedOut");
  }

  @Test
  void shouldCatchAMissedHeartbeatByItsName() {
    TaskToken task =
        launch(
            "\"TimeoutSeconds\":600,\"HeartbeatSeconds\":5,\"Retry\":[{\"ErrorEquals\":"
                + "[\"States.HeartbeatTimeout\"],\"IntervalSeconds\":1,\"MaxAttempts\":1}],");
    lane.advance(Duration.ofSeconds(5));

    assertThat(say(task, success("1"))).isEqualTo(new Reply.TaskOver());
    lane.advance(Duration.ofSeconds(1));
    assertThat(say(token(lane.task()), success("2"))).isEqualTo(new Reply.TaskAccepted());
  }

  @Test
  void shouldKnowNothingOfAnExecutionThatNeverWas() {
    String arn = lane.arn(LaneFixture.machineArn("m"), "never");

    assertThat(say(new TaskToken(arn, 1, 1), success("1"))).isEqualTo(new Reply.NoSuchExecution());
  }

  @Test
  void shouldFailTheTaskWhereItsWorkerCouldNotHandTheTokenOn() {
    String machine = lane.machine("m", CALLBACK.formatted("lambda:invoke", ""));
    lane.launch(machine, "run", "{}");
    TaskOrder order = lane.task();

    lane.fails(order, "Lambda.Unknown", "the handler threw");

    assertThat(completion().getError()).isEqualTo("Lambda.Unknown");
    assertThat(say(token(order), success("1"))).isInstanceOf(Reply.AlreadyEnded.class);
  }

  @Test
  void shouldTellWhatItsWorkerWasAnsweredWhenItHandedTheTokenOn() {
    String machine = lane.machine("m", CALLBACK.formatted("lambda:invoke", ""));
    String arn = lane.launch(machine, "run", "{}");
    TaskOrder order = lane.task();

    lane.send(
        LaneFixture.answer(
            order, new TaskSubmitted(Payloads.of("{\"s\":200}".getBytes(UTF_8)), null)));
    assertThat(lane.completions()).as("it goes on").isEmpty();
    say(token(order), success("1"));
    lane.send(
        LaneFixture.answer(order, new TaskSubmitted(Payloads.of("{}".getBytes(UTF_8)), null)));

    assertThat(lane.eventTypes(arn))
        .containsSequence("TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded")
        .endsWith("ExecutionSucceeded");
  }

  @Test
  void shouldLeaveNothingBehind() {
    say(launch("\"TimeoutSeconds\":600,\"HeartbeatSeconds\":100,"), success("1"));

    lane.assertNothingIsLeft();
  }
}
