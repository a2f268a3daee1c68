package io.stepstream.coordinator.tracing;

import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.tracing.ExecutionTrace;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * Makes the spans of the executions in one partition of a history. Remembers a bounded number of
 * events and executions; those are forgotten which have been quiet for longest. Not thread safe.
 */
final class SpanMaker {

  /** In all executions of a partition, each some hundred bytes. */
  static final int MOST_REMEMBERED = 20_000;

  private final BiPredicate<String, String> traced;
  private final Consumer<FinishedSpan> finished;

  /** The latest to hear of last. */
  private final Map<String, ExecutionSpans> executions = new LinkedHashMap<>(16, 0.75f, true);

  private int remembered;
  private boolean telling;

  /**
   * @param traced whether a revision of a machine wants its executions to be traced: the machine's
   *     ARN and the revision's id
   */
  SpanMaker(BiPredicate<String, String> traced, Consumer<FinishedSpan> finished) {
    this.traced = traced;
    this.finished = finished;
  }

  /**
   * Takes the next record of the partition.
   *
   * @param tell false: what ends with it has been told before
   */
  void take(HistoryRecord record, boolean tell) {
    ExecutionSpans known = executions.get(record.getExecutionArn());
    if (known == null) {
      ExecutionTrace trace = new ExecutionTrace(record.getExecutionArn(), record.getTraceHeader());
      if (trace.isRefused() || !traced.test(record.getStateMachineArn(), record.getRevisionId())) {
        return;
      }
      known =
          new ExecutionSpans(
              trace,
              record.getExecutionArn(),
              record.getStateMachineArn(),
              record.getRedrive() == null ? 0 : record.getRedrive().getCount(),
              this::finish);
      executions.put(record.getExecutionArn(), known);
    }
    telling = tell;
    int before = known.remembered();
    for (HistoryEvent event : record.getEvents()) {
      SealedFields.strip(event);
      known.take(event);
    }
    remembered += known.remembered() - before;
    if (known.isOver()) {
      executions.remove(record.getExecutionArn());
    }
    forget();
  }

  private void finish(FinishedSpan span) {
    if (telling) {
      finished.accept(span);
    }
  }

  private void forget() {
    Iterator<ExecutionSpans> quiet = executions.values().iterator();
    while ((remembered > MOST_REMEMBERED || executions.size() > MOST_REMEMBERED)
        && quiet.hasNext()) {
      remembered -= quiet.next().remembered();
      quiet.remove();
    }
  }

  /** Executions that are under way and known. */
  int open() {
    return executions.size();
  }
}
