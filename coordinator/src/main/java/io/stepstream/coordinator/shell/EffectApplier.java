package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Activities;
import io.stepstream.asl.engine.Decision;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.Frame;
import io.stepstream.asl.engine.MapRunSummary;
import io.stepstream.asl.engine.TimerKey;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ObjectWrite;
import io.stepstream.asl.items.TopicWrite;
import io.stepstream.asl.nested.StartPattern;
import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.executionlog.ExecutionLogging;
import io.stepstream.coordinator.executionlog.LogEntry;
import io.stepstream.coordinator.metrics.StepTally;
import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.route.TaskRoutes;
import io.stepstream.coordinator.statuschange.StatusChangeEvent;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.MapRunRecords;
import io.stepstream.coordinator.store.MapRunRows;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.ChildOfMapRun;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.LatestRedrive;
import io.stepstream.schemas.ShardPart;
import io.stepstream.schemas.StartedBy;
import io.stepstream.schemas.TaskAbandoned;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.CloudEventHeaders;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.HistoryHeaders;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.tracing.ExecutionTrace;
import io.stepstream.schemas.tracing.TraceContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Makes a decision real: encodes all of it first, then writes rows and forwards records. Encoding
 * can fail for a reason of ours only; the rest can fail only with Kafka, which undoes the whole
 * transaction.
 *
 * <p>Not thread safe: one per partition.
 */
final class EffectApplier {

  // Shared, since nobody writes to a header's value.
  private static final byte[] VERSION_1 = Outputs.utf8(CloudEventHeaders.VERSION_1);
  private static final byte[] EXECUTION_COMPLETED =
      Outputs.utf8(CloudEventHeaders.EXECUTION_COMPLETED);
  private static final byte[] AVRO = Outputs.utf8(CloudEventHeaders.AVRO);

  private final LaneSettings lane;
  private final LaneCodecs codecs;
  private final TaskRoutes routes;
  private final TaskOrders orders;
  private final CommitPacing pacing;
  private final Answers answers;
  private final ProcessorContext<Object, byte[]> context;
  private final ExecutionRows executions;
  private final MapRunRows mapRuns;
  private final TimerRows timers;
  private final TimerRows cleanUps;
  private final Messages messages;
  private final NestedStarts nested;
  private final NestedAnswers parents;
  private final StepTally tally;
  private final LongSupplier clock;

  /**
   * @param clock the partition's, which never goes back
   */
  EffectApplier(
      LaneSettings lane,
      LaneCodecs codecs,
      TaskRoutes routes,
      CommitPacing pacing,
      Answers answers,
      ProcessorContext<Object, byte[]> context,
      ExecutionRows executions,
      MapRunRows mapRuns,
      TimerRows timers,
      TimerRows cleanUps,
      Messages messages,
      NestedStarts nested,
      NestedAnswers parents,
      StepTally tally,
      LongSupplier clock) {
    this.lane = lane;
    this.codecs = codecs;
    this.routes = routes;
    this.orders = new TaskOrders(lane);
    this.pacing = pacing;
    this.answers = answers;
    this.context = context;
    this.executions = executions;
    this.mapRuns = mapRuns;
    this.timers = timers;
    this.cleanUps = cleanUps;
    this.messages = messages;
    this.nested = nested;
    this.parents = parents;
    this.tally = tally;
    this.clock = clock;
  }

  private record Outgoing(String sink, Object key, byte[] value, @Nullable Headers headers) {}

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
    byte[] hash = key.hash16();
    Instant rested = restsSince(header);
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
            outgoing.add(abandoned(key, abandoned));
          }
        }
        case Effect.Dispatch dispatch -> {
          StartPattern start = StartPattern.of(dispatch.resource());
          if (start != null) {
            told.add(messages.message(nested.start(header, dispatch, start, nowMillis)));
          } else {
            TaskOrder order = orders.attempt(key, header, dispatch, nowMillis);
            String queue = routes.queueOf(order.getFunction(), order.getResource());
            Headers trace =
                telling.traced() ? trace(key, header, decision, dispatch.frameId(), events) : null;
            outgoing.add(task(queue, order, seal, trace));
          }
        }
        case Effect.OfJob job ->
            outgoing.add(task(orders.ofJob(key, header, job, nowMillis), seal));
        case Effect.ReadItems(long frame, int epoch, ItemRequest request) ->
            outgoing.add(
                storage(
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
                storage(
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
                storage(
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
    if (header.getTransitionsLogged()) {
      transitions(key, header, events, outgoing, seal);
    }
    if (!telling.logging().isOff()) {
      logs(key, header, events, telling.logging(), outgoing, seal);
    }
    if (close != null && tellsItsEnd(header)) {
      outgoing.add(completion(key, close, header, seal));
    }
    if (lane.statusChanges()) {
      statusChanges(key, header, events, close, outgoing, seal);
    }
    if (close != null) {
      told.addAll(parents.ended(header, close, versionArn(header), aliasArn(header)));
    }
    String excess = excess(decision, outgoing, told);
    if (excess != null) {
      return excess;
    }

    for (Effect effect : decision.effects()) {
      rows(key, hash, header, stored, effect, seal, nowMillis);
    }
    boolean vanishes = decision.effects().stream().anyMatch(Effect.Vanish.class::isInstance);
    endOfRest(hash, rested, vanishes ? null : restsSince(header));
    for (Outgoing record : outgoing) {
      forward(record, nowMillis);
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

  private void forward(Outgoing record, long nowMillis) {
    context.forward(
        new Record<>(record.key(), record.value(), nowMillis, record.headers()), record.sink());
  }

  private void rows(
      ExecutionKey key,
      byte[] hash,
      ExecutionRow header,
      boolean stored,
      Effect effect,
      Seal seal,
      long nowMillis) {
    switch (effect) {
      case Effect.PutExecution _ -> header(hash, header, stored);
      case Effect.PutFrame put -> executions.putFrame(hash, put.frame(), seal);
      case Effect.DeleteFrame delete -> executions.deleteFrame(hash, delete.frameId());
      case Effect.PutValue put -> executions.putValue(hash, put.key(), put.json(), seal);
      case Effect.DeleteValue delete -> executions.deleteValue(hash, delete.key());
      case Effect.PurgeValues purge ->
          cleanUps.schedule(hash, purge.frameId(), TimerRow.PURGE, nowMillis, new byte[0]);
      case Effect.Schedule(TimerKey timer, long due) -> timers.schedule(hash, timer, due);
      case Effect.Cancel(TimerKey timer, long due) -> timers.cancel(hash, timer, due);
      case Effect.Dispatch _,
          Effect.OfJob _,
          Effect.Record _,
          Effect.Attempted _,
          Effect.Close _,
          Effect.Send _,
          Effect.Withdraw _,
          Effect.Abandon _,
          Effect.ReadItems _,
          Effect.WriteObject _,
          Effect.PublishResults _ -> {}
      case Effect.Vanish _ -> executions.deleteHeader(hash);
      case Effect.PutMapRun(MapRunSummary run) -> mapRun(key, run);
    }
  }

  private void mapRun(ExecutionKey key, MapRunSummary run) {
    if (lane.express()) {
      return; // nobody can ask for what Express executions have done
    }
    mapRuns.put(key, run);
    if (run.status() == MapRunSummary.Status.RUNNING && run.run().redriveCount() == 0) {
      long due = lane.dayOfRetention(run.run().startMillis());
      cleanUps.schedule(
          key.hash16(), run.run().container(), TimerRow.MAP_RUN_RETENTION, due, new byte[0]);
    }
  }

  /** The queue of an activity is at the partition of its ARN, not at the execution's. */
  private Messages.Message offer(ExecutionRow header, Effect.Dispatch dispatch, long nowMillis) {
    // The moment of the step is what the frame remembers as the offer's.
    return messages.message(ActivityMessages.offer(header.getExecutionArn(), dispatch, nowMillis));
  }

  // ------------------------------------------------------------------ records

  /**
   * A closed Standard execution leaves a summary, which answers for its name, and for some time
   * what a redrive takes, unless it has succeeded; a closed Express execution leaves nothing, and
   * one that began and ended in one step never had a row.
   */
  private void header(byte[] hash, ExecutionRow header, boolean stored) {
    boolean closed = header.getStatus() != ExecutionStatus.RUNNING;
    if (!closed || !lane.express()) {
      executions.putHeader(hash, header);
    } else if (stored) {
      executions.deleteHeader(hash);
    }
    if (!closed || lane.express()) {
      return;
    }
    long ended = header.getStopDate().toEpochMilli();
    cleanUps.schedule(hash, 0, TimerRow.RETENTION, lane.dayOfRetention(ended), new byte[0]);
    if (header.getStatus() != ExecutionStatus.SUCCEEDED) {
      long due = lane.endOfRedrivePeriod(ended);
      cleanUps.schedule(hash, 0, TimerRow.REDRIVE_PERIOD, due, new byte[0]);
    }
  }

  /** Since when a shard rests; null: it does not, or the header is an execution's. */
  private static @Nullable Instant restsSince(ExecutionRow header) {
    return header.getPart() instanceof ShardPart ? header.getStopDate() : null;
  }

  /** A shard's rest ends with the period in which its Map run can be redriven, if not before. */
  private void endOfRest(byte[] hash, @Nullable Instant before, @Nullable Instant now) {
    if (Objects.equals(before, now)) {
      return;
    }
    if (before != null) {
      long due = lane.endOfRedrivePeriod(before.toEpochMilli());
      cleanUps.cancel(hash, 0, TimerRow.REDRIVE_PERIOD, due);
    }
    if (now != null) {
      long due = lane.endOfRedrivePeriod(now.toEpochMilli());
      cleanUps.schedule(hash, 0, TimerRow.REDRIVE_PERIOD, due, new byte[0]);
    }
  }

  /**
   * Beyond this a transition goes on in a further record, so that no record exceeds its topic's
   * limit: a state that ends many enclosing ones brings an output with each of them.
   */
  private static final int RECORD_BYTES = 1 << 20;

  /**
   * One record per transition, from a state into the next: what led to the first entry of a step,
   * the start of the execution or the end of the state before, is told with it.
   */
  private void transitions(
      ExecutionKey key,
      ExecutionRow header,
      List<HistoryEvent> events,
      List<Outgoing> outgoing,
      Seal seal) {
    List<io.stepstream.schemas.HistoryEvent> transition = new ArrayList<>();
    long first = 0;
    int bytes = 0;
    boolean entered = false;
    for (HistoryEvent event : events) {
      io.stepstream.schemas.HistoryEvent mapped = HistoryMapper.event(event);
      if (event.details() instanceof HistoryDetails.ExecutionStarted) {
        startedBy(header, mapped.getDetails());
      }
      int size = HistoryMapper.payloadBytes(mapped);
      boolean entry = event.details() instanceof HistoryDetails.StateEntered;
      if (!transition.isEmpty() && (entry && entered || bytes + size > RECORD_BYTES)) {
        outgoing.add(transition(key, header, first, transition, seal));
        transition = new ArrayList<>();
        bytes = 0;
      }
      entered |= entry;
      if (transition.isEmpty()) {
        first = event.id();
      }
      bytes += size;
      transition.add(mapped);
    }
    if (!transition.isEmpty()) {
      outgoing.add(transition(key, header, first, transition, seal));
    }
  }

  /** What is sealed elsewhere is in no entry: logs are read by those who have no keys. */
  private static void logs(
      ExecutionKey key,
      ExecutionRow header,
      List<HistoryEvent> events,
      ExecutionLogging logging,
      List<Outgoing> outgoing,
      Seal seal) {
    LogEntry.Contents contents =
        !seal.isNone()
            ? LogEntry.Contents.NO_SEALED
            : logging.executionData() ? LogEntry.Contents.DATA : LogEntry.Contents.NO_DATA;
    for (HistoryEvent event : events) {
      if (logging.includes(HistoryEventType.valueOf(event.type().awsName()))) {
        io.stepstream.schemas.HistoryEvent mapped = HistoryMapper.event(event);
        if (event.details() instanceof HistoryDetails.ExecutionStarted) {
          startedBy(header, mapped.getDetails());
        }
        outgoing.add(
            new Outgoing(
                Outputs.EXECUTION_LOGS,
                key,
                LogEntry.of(key.arn(), header.getRedriveCount(), mapped, contents),
                null));
      }
    }
  }

  /** An execution that begins and ends in one step is told of twice, as on AWS. */
  private static void statusChanges(
      ExecutionKey key,
      ExecutionRow header,
      List<HistoryEvent> events,
      Effect.@Nullable Close close,
      List<Outgoing> outgoing,
      Seal seal) {
    for (HistoryEvent event : events) {
      if (event.details() instanceof HistoryDetails.ExecutionStarted(byte[] input, String _)) {
        outgoing.add(begun(key, header, event, input, seal));
      } else if (event.details() instanceof HistoryDetails.ExecutionRedriven) {
        // What it began with is not read for a redrive.
        outgoing.add(begun(key, header, event, null, seal));
      }
    }
    if (close != null) {
      Execution execution = close.execution();
      outgoing.add(
          statusChange(
              key,
              header,
              ExecutionStatus.valueOf(execution.status().name()),
              execution.nextEventId() - 1,
              Objects.requireNonNull(execution.stopMillis()),
              close.input(),
              close.output(),
              close.error(),
              close.cause(),
              seal));
    }
  }

  private static Outgoing begun(
      ExecutionKey key,
      ExecutionRow header,
      HistoryEvent event,
      byte @Nullable [] input,
      Seal seal) {
    return statusChange(
        key,
        header,
        ExecutionStatus.RUNNING,
        event.id(),
        event.timestampMillis(),
        input,
        null,
        null,
        null,
        seal);
  }

  private static Outgoing statusChange(
      ExecutionKey key,
      ExecutionRow header,
      ExecutionStatus status,
      long eventId,
      long millis,
      byte @Nullable [] input,
      byte @Nullable [] output,
      @Nullable String error,
      @Nullable String cause,
      Seal seal) {
    StatusChangeEvent change =
        new StatusChangeEvent(
            key.arn(),
            header.getStateMachineArn(),
            header.getName(),
            status,
            eventId,
            Instant.ofEpochMilli(millis),
            header.getStartDate(),
            input,
            output,
            error,
            cause,
            !seal.isNone(),
            versionArn(header),
            aliasArn(header),
            header.getRedriveCount(),
            header.getRedriveDate());
    Headers headers = new RecordHeaders();
    headers.add(HistoryHeaders.STATUS, Outputs.utf8(status.name()));
    return new Outgoing(Outputs.STATUS_CHANGES, key, change.toJson(), headers);
  }

  /** The core knows the revision that it runs, not by which name that was found. */
  private static void startedBy(ExecutionRow header, HistoryEventDetails started) {
    started.setStateMachineVersionArn(versionArn(header));
    started.setStateMachineAliasArn(aliasArn(header));
  }

  private static @Nullable String versionArn(ExecutionRow header) {
    StartedBy by = header.getStartedBy();
    return by == null ? null : header.getStateMachineArn() + ':' + by.getVersion();
  }

  private static @Nullable String aliasArn(ExecutionRow header) {
    StartedBy by = header.getStartedBy();
    return by == null || by.getAlias() == null
        ? null
        : header.getStateMachineArn() + ':' + by.getAlias();
  }

  private Outgoing transition(
      ExecutionKey key,
      ExecutionRow header,
      long firstEventId,
      List<io.stepstream.schemas.HistoryEvent> events,
      Seal seal) {
    HistoryRecord record =
        new HistoryRecord(
            header.getExecutionArn(),
            header.getStateMachineArn(),
            header.getRevisionId(),
            lane.topics().lane(),
            events,
            header.getTraceHeader(),
            firstEventId == 1 ? MapRunRecords.mapRunOf(header.getPart()) : null,
            header.getRedriveDate() == null
                ? null
                : new LatestRedrive(header.getRedriveCount(), header.getRedriveDate()));
    SealedFields.seal(record, seal, key.arn());
    return new Outgoing(
        Outputs.HISTORY,
        new HistoryKey(key, firstEventId),
        codecs.historyOf(key).encode(record),
        statusHeader(firstEventId, events));
  }

  /** Null: the transition changes no status. */
  private static @Nullable Headers statusHeader(
      long firstEventId, List<io.stepstream.schemas.HistoryEvent> events) {
    ExecutionStatus status = HistoryHeaders.statusAfter(events.getLast().getType());
    boolean begins =
        firstEventId == 1 || events.getFirst().getType() == HistoryEventType.ExecutionRedriven;
    if (!begins && status == ExecutionStatus.RUNNING) {
      return null;
    }
    Headers headers = new RecordHeaders();
    headers.add(HistoryHeaders.STATUS, Outputs.utf8(status.name()));
    return headers;
  }

  /** Activities are with whoever polls, and nested executions are stopped as such. */
  private static boolean isWithWorkers(String resource) {
    return !Activities.isActivity(resource) && StartPattern.of(resource) == null;
  }

  private Outgoing abandoned(ExecutionKey key, Effect.Abandon attempt) {
    return new Outgoing(
        Outputs.ABANDONED,
        key,
        codecs.abandoned().encode(new TaskAbandoned(key.arn(), attempt.frameId(), attempt.epoch())),
        null);
  }

  private Outgoing task(String queue, TaskOrder order, Seal seal, @Nullable Headers headers) {
    SealedFields.seal(order, seal, order.getExecutionArn());
    return new Outgoing(Outputs.TASKS, queue, codecs.tasks().encode(order), headers);
  }

  /**
   * Where the worker's span belongs: to the attempt's, which is made of the history later (ADR
   * 0066). Null: the execution is not traced.
   */
  private @Nullable Headers trace(
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

  private Outgoing storage(
      ExecutionKey key,
      ExecutionRow header,
      long frame,
      int epoch,
      String resource,
      byte[] input,
      Seal seal,
      long nowMillis) {
    return task(
        Topics.STORAGE_QUEUE,
        orders.storage(key, header, frame, epoch, resource, input, nowMillis),
        seal,
        null);
  }

  private Outgoing task(TaskOrder order, Seal seal) {
    return task(routes.queueOf(order.getFunction(), order.getResource()), order, seal, null);
  }

  /**
   * A worker has submitted a job for a task that is over: it is stopped as if the task had known of
   * it when it ended.
   *
   * @param told the message that has found nobody, maybe not even an execution
   */
  void stopOrphan(Envelope told, long nowMillis) {
    TaskOrder stop = orders.stopOrphan(told, nowMillis);
    if (stop != null) {
      forward(task(stop, codecs.seals().ofExecution(told.getExecutionArn())), nowMillis);
    }
  }

  /**
   * The Express children of a Map run are told by the results of their Map, and publish no end of
   * their own (ADR 0040): a million items would be a million records that say the same again.
   */
  private boolean tellsItsEnd(ExecutionRow header) {
    return !lane.express() || !(header.getPart() instanceof ChildOfMapRun);
  }

  private Outgoing completion(
      ExecutionKey key, Effect.Close close, ExecutionRow header, Seal seal) {
    Execution execution = close.execution();
    Instant stopDate = Instant.ofEpochMilli(Objects.requireNonNull(execution.stopMillis()));
    ExecutionCompleted completed =
        new ExecutionCompleted(
            execution.arn(),
            execution.stateMachineArn(),
            execution.name(),
            lane.topics().lane(),
            ExecutionStatus.valueOf(execution.status().name()),
            Instant.ofEpochMilli(execution.startMillis()),
            stopDate,
            Payloads.of(close.input()),
            close.output() == null ? null : Payloads.of(close.output()),
            close.error(),
            close.cause(),
            header.getTraceHeader(),
            versionArn(header),
            aliasArn(header));
    SealedFields.seal(completed, seal, key.arn());
    Headers headers = new RecordHeaders();
    headers.add(CloudEventHeaders.SPEC_VERSION, VERSION_1);
    // The execution and its terminal event name the completion: a repeated one has the same id.
    headers.add(
        CloudEventHeaders.ID, Outputs.utf8(execution.arn() + '#' + (execution.nextEventId() - 1)));
    headers.add(CloudEventHeaders.SOURCE, Outputs.utf8(execution.stateMachineArn()));
    headers.add(CloudEventHeaders.TYPE, EXECUTION_COMPLETED);
    headers.add(CloudEventHeaders.SUBJECT, Outputs.utf8(execution.arn()));
    headers.add(CloudEventHeaders.TIME, Outputs.utf8(stopDate.toString()));
    headers.add(CloudEventHeaders.CONTENT_TYPE, AVRO);
    return new Outgoing(Outputs.COMPLETIONS, key, codecs.completions().encode(completed), headers);
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
