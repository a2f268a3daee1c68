package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Effect;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.JobOrder;
import io.stepstream.schemas.JobRuns;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.ExecutionKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What workers are asked for: an attempt, the objects of a distributed Map, a job to see to. */
final class TaskOrders {

  private static final byte[] NO_ARGUMENTS = "{}".getBytes(StandardCharsets.UTF_8);

  private final LaneSettings lane;
  private final int partition;

  /**
   * @param partition of the lane's inbox where results are expected
   */
  TaskOrders(LaneSettings lane, int partition) {
    this.lane = lane;
    this.partition = partition;
  }

  TaskOrder attempt(
      ExecutionKey key, ExecutionRow header, Effect.Dispatch dispatch, long nowMillis) {
    return order(
        key, header.getStateMachineArn(), header.getTraceHeader(), dispatch, nowMillis, null);
  }

  /** What a distributed Map reads or writes is a task like any other. */
  TaskOrder storage(
      ExecutionKey key,
      ExecutionRow header,
      long frame,
      int epoch,
      String resource,
      byte[] input,
      long nowMillis) {
    return attempt(
        key,
        header,
        new Effect.Dispatch(frame, epoch, "", resource, null, 0, null, null, null, null, input),
        nowMillis);
  }

  TaskOrder ofJob(ExecutionKey key, ExecutionRow header, Effect.OfJob effect, long nowMillis) {
    return switch (effect) {
      case Effect.LookAtJob look ->
          order(
              key,
              header.getStateMachineArn(),
              header.getTraceHeader(),
              withoutArguments(
                  look.frameId(),
                  look.epoch(),
                  look.state(),
                  look.resource(),
                  look.deadlineMillis()),
              nowMillis,
              new JobOrder(
                  look.job(), Instant.ofEpochMilli(look.sinceMillis()), look.unanswered(), false));
      case Effect.StopJob(long frame, int epoch, String state, String resource, String job) ->
          order(
              key,
              header.getStateMachineArn(),
              header.getTraceHeader(),
              withoutArguments(frame, epoch, state, resource, null),
              nowMillis,
              stop(job, nowMillis));
    };
  }

  /**
   * To stop a job whose task is over, if that is what the message tells of. The machine and the
   * state are not known any more.
   *
   * @param told a message that has found nobody
   */
  @Nullable TaskOrder stopOrphan(Envelope told, long nowMillis) {
    if (!(told.getBody() instanceof JobRuns job)
        || job.getSubmitted() == null
        || job.getResource() == null) {
      return null;
    }
    return order(
        ExecutionKey.of(told.getExecutionArn()),
        "",
        null,
        withoutArguments(told.getFrameId(), told.getEpoch(), "", job.getResource(), null),
        nowMillis,
        stop(job.getJob(), nowMillis));
  }

  private static JobOrder stop(String job, long nowMillis) {
    return new JobOrder(job, Instant.ofEpochMilli(nowMillis), 0, true);
  }

  private static Effect.Dispatch withoutArguments(
      long frame, int epoch, String state, String resource, @Nullable Long deadlineMillis) {
    return new Effect.Dispatch(
        frame, epoch, state, resource, null, 0, deadlineMillis, null, null, null, NO_ARGUMENTS);
  }

  private TaskOrder order(
      ExecutionKey key,
      String stateMachineArn,
      @Nullable String traceHeader,
      Effect.Dispatch dispatch,
      long nowMillis,
      @Nullable JobOrder job) {
    return new TaskOrder(
        lane.topics().lane(),
        key.arn(),
        stateMachineArn,
        dispatch.state(),
        dispatch.resource(),
        dispatch.function(),
        dispatch.frameId(),
        dispatch.epoch(),
        dispatch.retryCount(),
        Instant.ofEpochMilli(nowMillis),
        dispatch.deadlineMillis() == null ? null : Instant.ofEpochMilli(dispatch.deadlineMillis()),
        dispatch.heartbeatSeconds(),
        lane.topics().inbox(),
        partition,
        Payloads.of(dispatch.input()),
        traceHeader,
        dispatch.taskToken(),
        job,
        dispatch.roleArn());
  }
}
