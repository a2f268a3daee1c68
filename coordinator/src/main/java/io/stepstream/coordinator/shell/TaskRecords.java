package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Decision;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Frame;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.coordinator.route.TaskRoutes;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.TaskAbandoned;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.tracing.ExecutionTrace;
import io.stepstream.schemas.tracing.TraceContext;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What workers are told in records: the orders of {@link TaskOrders}, sealed and put into the
 * queues that their resources lead to, and that an attempt is given up.
 *
 * <p>Not thread safe: one per partition.
 */
final class TaskRecords {

  private final LaneSettings lane;
  private final LaneCodecs codecs;
  private final TaskRoutes routes;
  private final TaskOrders orders;

  TaskRecords(LaneSettings lane, LaneCodecs codecs, TaskRoutes routes, int partition) {
    this.lane = lane;
    this.codecs = codecs;
    this.routes = routes;
    this.orders = new TaskOrders(lane, partition);
  }

  /**
   * @param trace as of {@link #trace}
   */
  Outgoing attempt(
      ExecutionKey key,
      ExecutionRow header,
      Effect.Dispatch dispatch,
      @Nullable Headers trace,
      Seal seal,
      long nowMillis) {
    return task(orders.attempt(key, header, dispatch, nowMillis), seal, trace);
  }

  /**
   * Where the worker's span belongs: to the attempt's, which is made of the history later (ADR
   * 0066). Null: the execution is not traced.
   */
  @Nullable Headers trace(
      ExecutionKey key,
      ExecutionRow header,
      Decision decision,
      long frameId,
      List<HistoryEvent> events) {
    if (!lane.tracing().includes(key.arn())) {
      return null;
    }
    ExecutionTrace trace = new ExecutionTrace(key.arn(), header.getTraceHeader());
    if (trace.isRefused()) {
      return null;
    }
    for (Effect effect : decision.effects()) {
      if (effect instanceof Effect.PutFrame(Frame frame) && frame.id() == frameId) {
        // An attempt is scheduled and handed out in the same breath.
        TraceContext attempt = trace.attempt(frame.enteredEventId(), scheduled(events));
        return new RecordHeaders()
            .add(TraceContext.TRACE_PARENT, Outputs.utf8(attempt.traceParent()));
      }
    }
    return null;
  }

  private static long scheduled(List<HistoryEvent> events) {
    for (HistoryEvent event : events.reversed()) {
      if (event.type().awsName().endsWith("Scheduled")) {
        return event.id();
      }
    }
    return 0;
  }

  Outgoing ofJob(
      ExecutionKey key, ExecutionRow header, Effect.OfJob job, Seal seal, long nowMillis) {
    return task(orders.ofJob(key, header, job, nowMillis), seal, null);
  }

  /** What a distributed Map reads or writes has a queue of its own. */
  Outgoing storage(
      ExecutionKey key,
      ExecutionRow header,
      long frame,
      int epoch,
      String resource,
      byte[] input,
      Seal seal,
      long nowMillis) {
    return record(
        Topics.STORAGE_QUEUE,
        orders.storage(key, header, frame, epoch, resource, input, nowMillis),
        seal,
        null);
  }

  Outgoing abandoned(ExecutionKey key, Effect.Abandon attempt) {
    return new Outgoing(
        Outputs.ABANDONED,
        key,
        codecs.abandoned().encode(new TaskAbandoned(key.arn(), attempt.frameId(), attempt.epoch())),
        null);
  }

  /**
   * A worker has submitted a job for a task that is over: it is stopped as if the task had known of
   * it when it ended.
   *
   * @param told the message that has found nobody, maybe not even an execution
   * @return null: it does not tell of a job
   */
  @Nullable Outgoing stopOrphan(Envelope told, long nowMillis) {
    TaskOrder stop = orders.stopOrphan(told, nowMillis);
    return stop == null
        ? null
        : task(stop, codecs.seals().ofExecution(told.getExecutionArn()), null);
  }

  private Outgoing task(TaskOrder order, Seal seal, @Nullable Headers headers) {
    return record(routes.queueOf(order.getFunction(), order.getResource()), order, seal, headers);
  }

  private Outgoing record(String queue, TaskOrder order, Seal seal, @Nullable Headers headers) {
    SealedFields.seal(order, seal, order.getExecutionArn());
    return new Outgoing(Outputs.TASKS, queue, codecs.tasks().encode(order), headers);
  }
}
