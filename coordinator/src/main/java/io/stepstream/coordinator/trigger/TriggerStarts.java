package io.stepstream.coordinator.trigger;

import io.stepstream.coordinator.definition.Startable;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.StartOutcome;
import io.stepstream.coordinator.execution.StartRequest;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.TopicTrigger;
import io.stepstream.schemas.TriggeredBy;
import io.stepstream.schemas.TriggeredStart;
import io.stepstream.schemas.codec.Payloads;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts executions for all triggers of a node. Thread safe. */
final class TriggerStarts {

  private static final Logger LOG = LoggerFactory.getLogger(TriggerStarts.class);

  /** Bounds what all triggers of a node have under way, beside the API's own calls. */
  static final int MOST_UNDER_WAY = 1_000;

  private final StateMachines machines;
  private final Executions executions;
  private final Semaphore room = new Semaphore(MOST_UNDER_WAY);

  TriggerStarts(StateMachines machines, Executions executions) {
    this.machines = machines;
    this.executions = executions;
  }

  /**
   * Starts an execution. Never completes exceptionally.
   *
   * @return empty: too many starts are under way on this node; nothing was done
   */
  Optional<CompletableFuture<StartResult>> start(
      TopicTrigger trigger, ConsumerRecord<byte[], byte[]> record, RecordVerdict.Start start) {
    if (!room.tryAcquire()) {
      return Optional.empty();
    }
    CompletionStage<StartResult> result;
    try {
      result =
          machines
              .startable(trigger.getStateMachineArn())
              .thenCompose(found -> start(found, trigger, record, start));
    } catch (RuntimeException e) {
      result = CompletableFuture.failedFuture(e);
    }
    return Optional.of(
        result
            .exceptionally(TriggerStarts::notNow)
            .whenComplete((_, _) -> room.release())
            .toCompletableFuture());
  }

  private CompletionStage<StartResult> start(
      Optional<Startable> found,
      TopicTrigger trigger,
      ConsumerRecord<byte[], byte[]> record,
      RecordVerdict.Start start) {
    return switch (found.orElse(null)) {
      case null -> notThere(trigger, "does not exist");
      case Startable.Deleting() -> notThere(trigger, "is being deleted");
      case Startable.Revision revision ->
          executions
              .start(
                  new StartRequest(
                      revision.revision(),
                      revision.offset(),
                      revision.startedBy(),
                      start.name(),
                      start.input(),
                      null,
                      new TriggeredStart(by(trigger, record), Payloads.of(start.context()))))
              .thenApply(
                  outcome ->
                      switch (outcome) {
                        case StartOutcome.Started _ -> new StartResult.Started();
                        case StartOutcome.AlreadyExists(String arn) ->
                            new StartResult.NameTaken(arn);
                        case StartOutcome.Throttled() ->
                            new StartResult.NotNow(
                                "starts are throttled: the execution's partition is behind");
                      });
    };
  }

  private static TriggeredBy by(TopicTrigger trigger, ConsumerRecord<byte[], byte[]> record) {
    return new TriggeredBy(
        trigger.getName(),
        record.topic(),
        record.partition(),
        record.offset(),
        Instant.ofEpochMilli(record.timestamp()));
  }

  /** Not the record's fault: it waits until the machine is back, or the trigger has another one. */
  private static CompletionStage<StartResult> notThere(TopicTrigger trigger, String what) {
    return CompletableFuture.completedFuture(
        new StartResult.NotNow(trigger.getStateMachineArn() + ' ' + what));
  }

  private static StartResult notNow(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (!(cause instanceof Unavailable)) {
      LOG.error("A trigger's start failed and is tried again", cause);
    }
    return new StartResult.NotNow(String.valueOf(cause.getMessage()));
  }
}
