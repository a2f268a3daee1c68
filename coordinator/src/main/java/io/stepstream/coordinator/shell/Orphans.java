package io.stepstream.coordinator.shell;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.TakeTask;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * What is left of a task that is over, told of by a message that has found nobody: an offer of an
 * activity, a nested execution, a job. It is stopped as if the task had known of it when it ended.
 *
 * <p>Not thread safe: one per partition.
 */
final class Orphans {

  private final Messages messages;
  private final NestedAnswers parents;
  private final TaskRecords tasks;
  private final ProcessorContext<Object, byte[]> context;
  private final LongSupplier clock;

  /**
   * @param clock the partition's, which never goes back
   */
  Orphans(
      Messages messages,
      NestedAnswers parents,
      TaskRecords tasks,
      ProcessorContext<Object, byte[]> context,
      LongSupplier clock) {
    this.messages = messages;
    this.parents = parents;
    this.tasks = tasks;
    this.context = context;
    this.clock = clock;
  }

  /**
   * @param told any message that has found nobody, maybe not even an execution
   */
  void stop(Envelope told) {
    if (told.getBody() instanceof TakeTask) {
      messages.send(ActivityMessages.withdraw(told));
    }
    parents.stopOrphan(told);
    long now = clock.getAsLong();
    Outgoing stop = tasks.stopOrphan(told, now);
    if (stop != null) {
      stop.forward(context, now);
    }
  }
}
