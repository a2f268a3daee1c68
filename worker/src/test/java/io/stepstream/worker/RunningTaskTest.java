package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.JobOrder;
import io.stepstream.worker.RunningTask.Cancellation;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RunningTaskTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Test
  void shouldBeatAtAThirdOfTheIntervalWhileTheHandlerSaysNothing() {
    RunningTask task = beating(30);

    assertThat(task.takeDueBeat(9 * SECOND)).isFalse();
    assertThat(task.takeDueBeat(10 * SECOND)).isTrue();
    assertThat(task.takeDueBeat(11 * SECOND)).isFalse();
    assertThat(task.takeDueBeat(20 * SECOND)).isTrue();
  }

  @Test
  void shouldLeaveTheBeatToAHandlerThatHasBegunToBeat() {
    RunningTask task = beating(30);
    task.heartbeat();

    assertThat(task.takeDueBeat(1 * SECOND)).isTrue();
    assertThat(task.takeDueBeat(1000 * SECOND)).isFalse();
    task.heartbeat();
    task.heartbeat();
    assertThat(task.takeDueBeat(1001 * SECOND)).isTrue();
    assertThat(task.takeDueBeat(1002 * SECOND)).isFalse();
  }

  @Test
  void shouldNotBeatForAStateWithoutHeartbeat() {
    var task = new RunningTask(Orders.ofFunction("f", "{}").build(), 1, () -> false, 0);
    task.heartbeat();

    assertThat(task.takeDueBeat(1000 * SECOND)).isFalse();
  }

  @Test
  void shouldNotBeatForATaskThatHasEnded() {
    RunningTask task = beating(30);
    task.finish();

    assertThat(task.takeDueBeat(1000 * SECOND)).isFalse();
  }

  @Test
  void shouldLeaveNoInterruptBehindWhenAHandlerReturnsDespiteItsCancellation() {
    RunningTask task = beating(30);
    task.cancel(Cancellation.DEADLINE);

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(task.isCancelled()).isTrue();
    assertThat(task.finish()).isEqualTo(Cancellation.DEADLINE);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void shouldNotInterruptATaskThatHasEnded() {
    RunningTask task = beating(30);
    assertThat(task.finish()).isNull();

    task.cancel(Cancellation.WORKER_CLOSES);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void shouldNameTheAttemptAndNotTheDelivery() {
    var first = new RunningTask(Orders.ofFunction("f", "{}").build(), 1, () -> false, 0);
    var again = new RunningTask(Orders.ofFunction("f", "{}").build(), 2, () -> false, 0);
    var retry =
        new RunningTask(Orders.ofFunction("f", "{}").setEpoch(4).build(), 1, () -> false, 0);

    assertThat(again.idempotencyKey()).isEqualTo(first.idempotencyKey());
    assertThat(retry.idempotencyKey()).isNotEqualTo(first.idempotencyKey());
  }

  /** A job brings its role along: its order has no state any more. */
  @Test
  void shouldActAsTheRoleOfTheStateAndOfItsJob() {
    JobText job = new JobText("arn:aws:iam::1:role/of-the-job", "j");
    var begun =
        new RunningTask(
            Orders.of("any", "{}").setRoleArn("arn:aws:iam::1:role/r").build(), 1, () -> false, 0);
    var looked =
        new RunningTask(
            Orders.of("any", "{}")
                .setJob(new JobOrder(job.text(), Instant.EPOCH, 0, false))
                .build(),
            1,
            () -> false,
            0);
    var without = new RunningTask(Orders.of("any", "{}").build(), 1, () -> false, 0);

    assertThat(begun.roleArn()).contains("arn:aws:iam::1:role/r");
    assertThat(looked.roleArn()).contains("arn:aws:iam::1:role/of-the-job");
    assertThat(without.roleArn()).isEmpty();
  }

  private static RunningTask beating(int seconds) {
    return new RunningTask(
        Orders.ofFunction("f", "{}").setHeartbeatSeconds(seconds).build(), 1, () -> false, 0);
  }
}
