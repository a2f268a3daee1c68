package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Effect;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.OfferedTask;
import io.stepstream.schemas.TakeTask;
import io.stepstream.schemas.WithdrawTask;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.Generations;
import java.time.Instant;

/** What executions tell activities. */
final class ActivityMessages {

  private ActivityMessages() {}

  static Envelope offer(String executionArn, Effect.Dispatch dispatch, long offeredMillis) {
    return to(
        dispatch.resource(),
        new OfferedTask(
            executionArn,
            dispatch.frameId(),
            dispatch.epoch(),
            Instant.ofEpochMilli(offeredMillis),
            dispatch.taskToken(),
            Payloads.of(dispatch.input())));
  }

  static Envelope withdraw(
      String activityArn, String executionArn, long frameId, int epoch, long offeredMillis) {
    return to(
        activityArn,
        new WithdrawTask(executionArn, frameId, epoch, Instant.ofEpochMilli(offeredMillis)));
  }

  /**
   * @param take the command that has found nothing to take
   */
  static Envelope withdraw(Envelope take) {
    TakeTask wanted = (TakeTask) take.getBody();
    return withdraw(
        wanted.getActivityArn(),
        take.getExecutionArn(),
        take.getFrameId(),
        take.getEpoch(),
        wanted.getOfferedAt().toEpochMilli());
  }

  private static Envelope to(String activityArn, Object body) {
    return new Envelope(activityArn, Generations.FIRST, 0L, 0, 0L, null, body);
  }
}
