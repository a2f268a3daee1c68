package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.TaskToken;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.OfferedTask;
import io.stepstream.schemas.PollActivity;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.StopPolling;
import io.stepstream.schemas.TakeTask;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.WithdrawTask;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Generations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks of activities: who is offered one, and who gets it. */
final class ActivityQueuesTest {

  private static final String A = "arn:aws:states:us-east-1:111111111111:activity:a";
  private static final String B = "arn:aws:states:us-east-1:111111111111:activity:b";

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

  /** A call that waits for a task. */
  private record Poll(String activity, ReplyTo replyTo, CompletableFuture<Reply> reply) {}

  private String launch(String name, String activity, String fields) {
    String machine =
        lane.machine(
            "m-" + name,
            """
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%s",%s"End":true}}}\
            """
                .formatted(activity, fields));
    String arn = lane.launch(machine, name, "{\"n\":\"" + name + "\"}");
    settle();
    return arn;
  }

  /** What is sent within the partition arrives, and answers leave. */
  private void settle() {
    lane.advance(Duration.ofMillis(10));
    lane.commit();
  }

  private Poll poll(String activity) {
    PendingReplies.Call call = lane.replies.open(Duration.ofMinutes(5));
    Poll poll = new Poll(activity, call.replyTo(), call.reply());
    repeat(poll);
    return poll;
  }

  private void repeat(Poll poll) {
    tell(poll.activity(), poll.replyTo(), new PollActivity(12_000));
  }

  private void tell(String arn, ReplyTo replyTo, Object body) {
    lane.send(new Envelope(arn, 1, 0L, 0, 0L, replyTo, body));
    settle();
  }

  private static OfferedTask offer(Poll poll) {
    assertThat(poll.reply()).as("offered").isCompleted();
    return ((Reply.TaskOffered) poll.reply().join()).task();
  }

  private CompletableFuture<Reply> taking(String activity, OfferedTask task, Duration within) {
    PendingReplies.Call call = lane.replies.open(Duration.ofMinutes(5));
    lane.send(take(activity, task, call.replyTo(), within));
    return call.reply();
  }

  private Envelope take(String activity, OfferedTask task, ReplyTo replyTo, Duration within) {
    return new Envelope(
        task.getExecutionArn(),
        1,
        task.getFrameId(),
        task.getEpoch(),
        0L,
        replyTo,
        new TakeTask(activity, task.getOfferedAt(), "worker", lane.now().plus(within)));
  }

  private Reply take(String activity, OfferedTask task) {
    CompletableFuture<Reply> reply = taking(activity, task, Duration.ofSeconds(15));
    settle();
    assertThat(reply).isCompleted();
    return reply.join();
  }

  private void succeeds(OfferedTask task) {
    lane.send(
        new Envelope(
            task.getExecutionArn(),
            1,
            task.getFrameId(),
            task.getEpoch(),
            0L,
            null,
            new TaskSucceeded(Payloads.of("1".getBytes(UTF_8)))));
    settle();
  }

  private long queued() {
    return lane.rows(ExecutionRows.STORE).stream().filter(key -> key.get()[16] == 7).count();
  }

  @Test
  void shouldOfferWhatWaitsAndGiveItToWhoTakesIt() {
    String arn = launch("run", A, "");
    assertThat(queued()).isOne();

    OfferedTask task = offer(poll(A));

    assertThat(task.getExecutionArn()).isEqualTo(arn);
    assertThat(new String(Payloads.bytes(task.getInput()), UTF_8)).isEqualTo("{\"n\":\"run\"}");
    assertThat(lane.tokens.verify(task.getTaskToken()))
        .isEqualTo(new TaskToken(arn, task.getFrameId(), task.getEpoch()));
    assertThat(lane.eventTypes(arn)).endsWith("ActivityScheduled");
    assertThat(take(A, task)).isEqualTo(new Reply.TaskAccepted());
    assertThat(queued()).isZero();
    assertThat(lane.events(arn).getLast().getDetails().getWorkerName()).isEqualTo("worker");
    succeeds(task);
    assertThat(lane.endings()).containsExactly(ExecutionStatus.SUCCEEDED);
    assertThat(lane.tasks("lambda")).as("no order for other workers").isEmpty();
  }

  @Test
  void shouldOfferATaskToWhomeverHasWaitedLongest() {
    Poll first = poll(A);
    Poll second = poll(A);
    launch("run", A, "");

    offer(first);
    assertThat(second.reply()).isNotDone();
  }

  @Test
  void shouldOfferTasksInTheirOrderEachToOneCall() {
    List<String> arns = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      arns.add(launch("run" + i, A, ""));
    }
    List<String> offered = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      offered.add(offer(poll(A)).getExecutionArn());
    }

    assertThat(offered).isEqualTo(arns);
    assertThat(poll(A).reply()).as("nothing is left").isNotDone();
  }

  @Test
  void shouldNotLetAnActivityThatNobodyPollsHoldBackAnother() {
    for (int i = 0; i < 20; i++) {
      launch("waits" + i, A, "");
    }
    String arn = launch("run", B, "");

    assertThat(offer(poll(B)).getExecutionArn()).isEqualTo(arn);
    assertThat(queued()).isEqualTo(21);
  }

  @Test
  void shouldGiveATaskOnceWhoeverWasOfferedIt() {
    launch("run", A, "");
    OfferedTask task = offer(poll(A));
    lane.advance(Duration.ofSeconds(11)); // the first one is thought to be gone
    OfferedTask again = offer(poll(A));
    assertThat(again).isEqualTo(task);

    CompletableFuture<Reply> first = taking(A, task, Duration.ofSeconds(15));
    CompletableFuture<Reply> second = taking(A, again, Duration.ofSeconds(15));
    settle();

    assertThat(first).isCompletedWithValue(new Reply.TaskAccepted());
    assertThat(second).isCompletedWithValue(new Reply.TaskOver());
    assertThat(lane.eventTypes(task.getExecutionArn()))
        .filteredOn("ActivityStarted"::equals)
        .hasSize(1);
  }

  @Test
  void shouldOfferToTheNextWhatACallThatStopsWasOffered() {
    launch("run", A, "");
    Poll first = poll(A);
    Poll second = poll(A);
    assertThat(second.reply()).isNotDone();

    tell(A, first.replyTo(), new StopPolling(false));

    assertThat(offer(second)).isEqualTo(offer(first));
  }

  @Test
  void shouldNotOfferToACallThatHasStoppedOrIsSilent() {
    Poll stopped = poll(A);
    tell(A, stopped.replyTo(), new StopPolling(false));
    Poll silent = poll(A);
    lane.advance(Duration.ofSeconds(13));
    Poll waits = poll(A);

    launch("run", A, "");

    offer(waits);
    assertThat(stopped.reply()).isNotDone();
    assertThat(silent.reply()).isNotDone();
  }

  @Test
  void shouldKeepACallThatSaysAgainThatItWaits() {
    Poll poll = poll(A);
    for (int i = 0; i < 5; i++) {
      lane.advance(Duration.ofSeconds(5));
      repeat(poll);
    }
    launch("run", A, "");

    offer(poll);
  }

  @Test
  void shouldOfferOneTaskToACallThatSaysAgainThatItWaits() {
    Poll poll = poll(A);
    launch("first", A, "");
    repeat(poll); // crosses the offer
    launch("second", A, "");

    assertThat(offer(poll(A)).getExecutionArn()).endsWith(":second");
  }

  @Test
  void shouldWithdrawATaskWhoseExecutionIsStopped() {
    String arn = launch("run", A, "");
    lane.ask(arn, new StopExecution(null, null, lane.now()));
    settle();

    assertThat(queued()).isZero();
    assertThat(poll(A).reply()).isNotDone();
  }

  @Test
  void shouldWithdrawATaskWhoseTimeIsOver() {
    launch("run", A, "\"TimeoutSeconds\":5,");
    lane.advance(Duration.ofSeconds(5));

    assertThat(lane.endings()).containsExactly(ExecutionStatus.FAILED);
    assertThat(queued()).isZero();
  }

  @Test
  void shouldNotGiveATaskThatWasOfferedBeforeItsExecutionWasStopped() {
    String arn = launch("run", A, "");
    OfferedTask task = offer(poll(A));
    lane.ask(arn, new StopExecution(null, null, lane.now()));

    assertThat(take(A, task)).isInstanceOf(Reply.AlreadyEnded.class);
    assertThat(queued()).isZero();
  }

  @Test
  void shouldNotGiveATaskThatHasBeenReplacedByARetry() {
    launch(
        "run",
        A,
        "\"TimeoutSeconds\":5,\"Retry\":[{\"ErrorEquals\":[\"States.Timeout\"],\"IntervalSeconds\":1}],");
    OfferedTask first = offer(poll(A));
    lane.advance(Duration.ofSeconds(5));
    lane.advance(Duration.ofSeconds(1));
    OfferedTask second = offer(poll(A));

    assertThat(second.getEpoch()).isGreaterThan(first.getEpoch());
    assertThat(take(A, first)).isEqualTo(new Reply.TaskOver());
    assertThat(take(A, second)).isEqualTo(new Reply.TaskAccepted());
  }

  @Test
  void shouldKeepATaskThatNobodyWaitsForAnyMoreWhereItIs() {
    launch("run", A, "");
    OfferedTask task = offer(poll(A));

    CompletableFuture<Reply> late = taking(A, task, Duration.ofMillis(-1));
    settle();
    PendingReplies.Call gaveUp = lane.replies.open(Duration.ofMinutes(5));
    lane.replies.complete(gaveUp.replyTo(), new Reply.TaskOver());
    lane.send(take(A, task, gaveUp.replyTo(), Duration.ofSeconds(15)));
    settle();

    assertThat(late).isCompletedWithValue(new Reply.TaskOver());
    assertThat(queued()).isOne();
    assertThat(lane.eventTypes(task.getExecutionArn())).doesNotContain("ActivityStarted");
    lane.advance(Duration.ofSeconds(11));
    assertThat(take(A, offer(poll(A)))).isEqualTo(new Reply.TaskAccepted());
  }

  @Test
  void shouldForgetWhatIsOfferedOfAnExecutionThatNeverWas() {
    String arn = lane.arn(LaneFixture.machineArn("m"), "never");
    OfferedTask task =
        new OfferedTask(arn, 1L, 1, lane.now(), "token", Payloads.of("{}".getBytes(UTF_8)));
    tell(A, null, task);
    assertThat(queued()).isOne();

    assertThat(take(A, offer(poll(A)))).isEqualTo(new Reply.NoSuchExecution());

    assertThat(queued()).isZero();
  }

  @Test
  void shouldBoundTheCallsThatWait() {
    for (int i = 0; i < ActivityQueue.MOST_CALLS; i++) {
      lane.send(new Envelope(A, 1, 0L, 0, 0L, lane.someCall(), new PollActivity(60_000)));
    }

    assertThat(poll(A).reply()).isCompletedWithValue(new Reply.TooManyPoll());
    lane.advance(Duration.ofSeconds(61));
    assertThat(poll(A).reply()).as("they wait no more").isNotDone();
  }

  @Test
  void shouldFailAStateWhoseActivityDoesNotExist() {
    lane.missingActivities.add(A);

    String arn = launch("run", A, "");

    assertThat(lane.endings()).containsExactly(ExecutionStatus.FAILED);
    assertThat(lane.eventTypes(arn))
        .containsExactly("ExecutionStarted", "TaskStateEntered", "ExecutionFailed");
    assertThat(queued()).isZero();
  }

  @Test
  void shouldSetAsideWhatNobodyCanHaveMeant() {
    OfferedTask ofNothing =
        new OfferedTask("arn:x", 1L, 1, lane.now(), "token", Payloads.of("{}".getBytes(UTF_8)));
    String execution = lane.arn(LaneFixture.machineArn("m"), "run");

    lane.send(new Envelope(A, 1, 0L, 0, 0L, null, ofNothing));
    lane.send(new Envelope(A, 1, 0L, 0, 0L, null, new PollActivity(1000)));
    lane.send(new Envelope(A, 1, 0L, 0, 0L, lane.someCall(), new PollActivity(-1)));
    lane.send(new Envelope(A, 1, 0L, 0, 0L, null, new StopPolling(false)));
    lane.send(new Envelope(execution, 1, 0L, 0, 0L, lane.someCall(), new PollActivity(1000)));
    lane.send(
        new Envelope(
            execution,
            1,
            1L,
            1,
            0L,
            lane.someCall(),
            new TakeTask("a", lane.now(), null, lane.now())));

    assertThat(lane.deadLetters()).hasSize(6);
    assertThat(queued()).isZero();
  }

  @Test
  void shouldTellAnActivityElsewhereOverThePeerTopic() {
    LaneSettings many = LaneSettings.standard(Generations.of(8), "us-east-1");
    try (LaneFixture of8 = new LaneFixture(many, directory.resolve("of8"))) {
      String machine =
          of8.machine(
              "m",
              "{\"StartAt\":\"T\",\"States\":{\"T\":{\"Type\":\"Task\",\"Resource\":\""
                  + A
                  + "\",\"End\":true}}}");
      String name = "run";
      for (int i = 0; ExecutionKey.of(of8.arn(machine, name)).partition(8) != 0; i++) {
        name = "run" + i;
      }
      String arn = of8.launch(machine, name, "{}");
      of8.ask(arn, new StopExecution(null, null, of8.now()));

      List<Envelope> sent =
          of8.records(many.topics().peer()).stream()
              .map(record -> LaneFixture.decoded(of8.codecs.peer(), record.value()))
              .toList();
      assertThat(ExecutionKey.of(A).partition(8)).as("not the execution's").isNotZero();
      assertThat(sent).extracting(Envelope::getExecutionArn).containsExactly(A, A);
      OfferedTask offered = (OfferedTask) sent.getFirst().getBody();
      assertThat(offered.getExecutionArn()).isEqualTo(arn);
      assertThat(sent.getLast().getBody())
          .isEqualTo(
              new WithdrawTask(
                  arn, offered.getFrameId(), offered.getEpoch(), offered.getOfferedAt()));
    }
  }

  @Test
  void shouldLeaveNothingBehind() {
    launch("run", A, "\"TimeoutSeconds\":600,\"HeartbeatSeconds\":100,");
    OfferedTask task = offer(poll(A));
    take(A, task);
    succeeds(task);

    lane.assertNothingIsLeft();
  }
}
