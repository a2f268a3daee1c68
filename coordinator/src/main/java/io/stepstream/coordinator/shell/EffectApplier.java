package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Activities;
import io.stepstream.asl.engine.Decision;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ObjectWrite;
import io.stepstream.asl.items.TopicWrite;
import io.stepstream.asl.nested.StartPattern;
import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.metrics.StepTally;
import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.topic.ExecutionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes a decision real: encodes all of it first, then writes rows and forwards records. Encoding
 * can fail for a reason of ours only; the rest can fail only with Kafka, which undoes the whole
 * transaction.
 *
 * <p>Not thread safe: one per partition.
 */
final class EffectApplier {

  private final TaskRecords tasks;
  private final HistoryRecords histories;
  private final StatusRecords statuses;
  private final StepRows rows;
  private final Messages messages;
  private final NestedStarts nested;
  private final NestedAnswers parents;
  private final Answers answers;
  private final CommitPacing pacing;
  private final StepTally tally;
  private final ProcessorContext<Object, byte[]> context;
  private final LongSupplier clock;

  /**
   * @param clock the partition's, which never goes back
   */
  EffectApplier(
      TaskRecords tasks,
      HistoryRecords histories,
      StatusRecords statuses,
      StepRows rows,
      Messages messages,
      NestedStarts nested,
      NestedAnswers parents,
      Answers answers,
      CommitPacing pacing,
      StepTally tally,
      ProcessorContext<Object, byte[]> context,
      LongSupplier clock) {
    this.tasks = tasks;
    this.histories = histories;
    this.statuses = statuses;
    this.rows = rows;
    this.messages = messages;
    this.nested = nested;
    this.parents = parents;
    this.answers = answers;
    this.pacing = pacing;
    this.tally = tally;
    this.context = context;
    this.clock = clock;
  }

  /**
   * @param header the execution's header as the shell knows it; updated in place
   * @param stored whether the header has a row already
   * @param seal of the execution's payloads
   * @param telling what the machine wants to be told beside the history
   * @return what of it is too large for its topic, and then nothing is written or sent; null: it is
   *     done
   * @throws io.stepstream.schemas.sealing.KeyUnavailableException nothing was done: the key of
   *     another machine, which is told something, is not there
   */
  @Nullable String apply(
      ExecutionKey key,
      ExecutionRow header,
      boolean stored,
      Decision decision,
      Seal seal,
      Definitions.Telling telling,
      long nowMillis) {
    Instant rested = StepRows.restsSince(header);
    List<Outgoing> outgoing = new ArrayList<>();
    Effect.Close close = null;
    List<HistoryEvent> events = new ArrayList<>();
    List<Messages.Message> told = new ArrayList<>();
    for (Effect effect : decision.effects()) {
      switch (effect) {
        case Effect.Record(HistoryEvent event) -> events.add(event);
        // Most tasks have no token: their resources need not be looked at.
        case Effect.Dispatch dispatch
            when dispatch.taskToken() != null && Activities.isActivity(dispatch.resource()) ->
            told.add(offer(header, dispatch, nowMillis));
        case Effect.Withdraw(String activity, long frame, int epoch, long offered) ->
            told.add(
                messages.message(
                    ActivityMessages.withdraw(activity, key.arn(), frame, epoch, offered)));
        case Effect.Abandon abandoned -> {
          if (isWithWorkers(abandoned.resource())) {
            outgoing.add(tasks.abandoned(key, abandoned));
          }
        }
        case Effect.Dispatch dispatch -> {
          StartPattern start = StartPattern.of(dispatch.resource());
          if (start != null) {
            told.add(messages.message(nested.start(header, dispatch, start, nowMillis)));
          } else {
            Headers trace =
                telling.traced()
                    ? tasks.trace(key, header, decision, dispatch.frameId(), events)
                    : null;
            outgoing.add(tasks.attempt(key, header, dispatch, trace, seal, nowMillis));
          }
        }
        case Effect.OfJob job -> outgoing.add(tasks.ofJob(key, header, job, seal, nowMillis));
        case Effect.ReadItems(long frame, int epoch, ItemRequest request) ->
            outgoing.add(
                tasks.storage(
                    key,
                    header,
                    frame,
                    epoch,
                    request.resource(),
                    request.encode(),
                    seal,
                    nowMillis));
        case Effect.WriteObject(long frame, int epoch, ObjectWrite write) ->
            outgoing.add(
                tasks.storage(
                    key,
                    header,
                    frame,
                    epoch,
                    ObjectWrite.RESOURCE,
                    write.encode(),
                    seal,
                    nowMillis));
        case Effect.PublishResults(long frame, int epoch, TopicWrite write) ->
            outgoing.add(
                tasks.storage(
                    key,
                    header,
                    frame,
                    epoch,
                    TopicWrite.RESOURCE,
                    write.encode(),
                    seal,
                    nowMillis));
        case Effect.Send send ->
            told.add(messages.message(MapRunMessages.envelope(send, header, clock.getAsLong())));
        case Effect.Close closing -> close = closing;
        case Effect.PutExecution(Execution execution) ->
            ExecutionRows.updated(header, execution).setSteppedAt(Instant.ofEpochMilli(nowMillis));
        case Effect.PutFrame _,
            Effect.DeleteFrame _,
            Effect.PutValue _,
            Effect.DeleteValue _,
            Effect.PurgeValues _,
            Effect.Schedule _,
            Effect.Cancel _,
            Effect.PutMapRun _,
            Effect.Attempted _,
            Effect.Vanish _ -> {}
      }
    }
    histories.tell(key, header, events, telling.logging(), outgoing, seal);
    statuses.tell(key, header, events, close, outgoing, seal);
    if (close != null) {
      told.addAll(
          parents.ended(
              header, close, StartedUnder.versionArn(header), StartedUnder.aliasArn(header)));
    }
    String excess = excess(decision, outgoing, told);
    if (excess != null) {
      return excess;
    }

    rows.write(key, header, stored, rested, decision, seal, nowMillis);
    for (Outgoing record : outgoing) {
      record.forward(context, nowMillis);
    }
    told.forEach(messages::send);
    if (close != null) {
      ended(key, header, close, seal);
    }
    tally.count(header, decision, pacing);
    pacing.stepped(context);
    return null;
  }

  private static @Nullable String excess(
      Decision decision, List<Outgoing> outgoing, List<Messages.Message> told) {
    for (Outgoing record : outgoing) {
      String excess = RecordSizes.excess(record.sink(), record.key(), record.value());
      if (excess != null) {
        return excess;
      }
    }
    for (Messages.Message message : told) {
      String excess = RecordSizes.excess(Outputs.MESSAGES, message.receiver(), message.envelope());
      if (excess != null) {
        return excess;
      }
    }
    for (Effect effect : decision.effects()) {
      if (effect instanceof Effect.PutValue put) {
        String excess = RecordSizes.excess(put.json());
        if (excess != null) {
          return excess;
        }
      }
    }
    return null;
  }

  /** The queue of an activity is at the partition of its ARN, not at the execution's. */
  private Messages.Message offer(ExecutionRow header, Effect.Dispatch dispatch, long nowMillis) {
    // The moment of the step is what the frame remembers as the offer's.
    return messages.message(ActivityMessages.offer(header.getExecutionArn(), dispatch, nowMillis));
  }

  /** Activities are with whoever polls, and nested executions are stopped as such. */
  private static boolean isWithWorkers(String resource) {
    return !Activities.isActivity(resource) && StartPattern.of(resource) == null;
  }

  private void ended(ExecutionKey key, ExecutionRow header, Effect.Close close, Seal seal) {
    if (header.getCompletionReplyTo() != null) {
      Execution execution = close.execution();
      ExecutionDescription description =
          new ExecutionDescription(
              key.arn(),
              execution.stateMachineArn(),
              header.getRevisionId(),
              execution.name(),
              header.getStatus(),
              header.getStartDate(),
              header.getStopDate(),
              close.input(),
              close.output(),
              close.error(),
              close.cause(),
              header.getTraceHeader(),
              execution.redriveCount(),
              null,
              null,
              null,
              null);
      answers.give(header.getCompletionReplyTo(), new Reply.Ended(description), seal);
    }
  }
}
