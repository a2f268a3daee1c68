package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Decision;
import io.stepstream.asl.engine.Engine;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.ExecutionView;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.engine.RedriveRules;
import io.stepstream.asl.engine.Rejection;
import io.stepstream.asl.engine.StepContext;
import io.stepstream.asl.engine.TimerKey;
import io.stepstream.coordinator.admission.Admission;
import io.stepstream.coordinator.execution.MapRunUpdate;
import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.route.TaskRoutes;
import io.stepstream.coordinator.store.ActivityRows;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.MapRunRows;
import io.stepstream.coordinator.store.RowJournal;
import io.stepstream.coordinator.store.RowJournals;
import io.stepstream.coordinator.store.StoredExecutions;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.ChildOfMapRun;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.InspectExecution;
import io.stepstream.schemas.InspectMapRun;
import io.stepstream.schemas.JobRuns;
import io.stepstream.schemas.LaunchChild;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.ListMapRuns;
import io.stepstream.schemas.ProbeShard;
import io.stepstream.schemas.RedriveExecution;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.ReplyWhen;
import io.stepstream.schemas.ResumeShard;
import io.stepstream.schemas.ShardPart;
import io.stepstream.schemas.StartShard;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TakeTask;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskSubmitted;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.UpdateMapRun;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.sealing.SealProblem;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The single writer of the executions of one partition: takes commands from the inbox and the peer
 * topic, fires timers, and runs the core.
 */
final class ExecutionProcessor implements Processor<byte[], byte[], Object, byte[]> {

  private static final Logger LOG = LoggerFactory.getLogger(ExecutionProcessor.class);

  /** In the lines of a log, as {@code mdc.executionArn}. */
  static final String EXECUTION = "executionArn";

  /** Timers fire in place, at this granularity. */
  private static final Duration TICK = Duration.ofMillis(10);

  /**
   * A command whose definition has not arrived yet is tried again after 20 ms, 40 ms … 1 s. A
   * launch is given up after so many times, which is half a minute; what belongs to a running
   * execution never is, since the execution would wait for it for ever.
   */
  private static final int LAUNCH_PARKED_AT_MOST = 35;

  /** More than half a second: a caller waits. */
  private static final int REDRIVE_PARKED_AT_MOST = 5;

  private static final long PARKED_FIRST_MILLIS = 20;
  private static final long PARKED_AGAIN_MILLIS = 1000;
  private static final Duration LOW_WATER_PERSISTED_EVERY = Duration.ofSeconds(5);

  private final LaneSettings lane;
  private final NewHeaders headers;
  private final LaneCodecs codecs;
  private final Definitions definitions;
  private final TaskRoutes routes;
  private final CommitPacing pacing;
  private final PendingReplies replies;
  private final Admission admission;
  private final StepCounters counters;
  private final TickBudget budget;
  private final RowJournals journals;
  private final TaskWorld world;
  private final MissingKeys missingKeys = new MissingKeys();

  // Set by init, before any record.
  private ProcessorContext<Object, byte[]> context;
  private ExecutionRows executions;
  private MapRunRows mapRunRows;
  private MapRunCommands mapRuns;
  private TimerRows timers;
  private TimerRows cleanUps;
  private Answers answers;
  private ActivityQueues activities;
  private Messages messages;
  private NestedAnswers parents;
  private EffectApplier applier;
  private DeadLetters deadLetters;
  private @Nullable RowJournal journal;
  private int partition;
  private long clock;

  ExecutionProcessor(
      LaneSettings lane,
      LaneCodecs codecs,
      Definitions definitions,
      TaskRoutes routes,
      CommitPacing pacing,
      PendingReplies replies,
      Admission admission,
      StepCounters counters,
      TickBudget budget,
      RowJournals journals,
      TaskWorld world) {
    this.lane = lane;
    this.headers = new NewHeaders(lane);
    this.codecs = codecs;
    this.definitions = definitions;
    this.routes = routes;
    this.pacing = pacing;
    this.replies = replies;
    this.admission = admission;
    this.counters = counters;
    this.budget = budget;
    this.journals = journals;
    this.world = world;
  }

  @Override
  public void init(ProcessorContext<Object, byte[]> processorContext) {
    context = processorContext;
    partition = processorContext.taskId().partition();
    KeyValueStore<Bytes, byte[]> executionStore =
        processorContext.getStateStore(ExecutionRows.STORE);
    KeyValueStore<Bytes, byte[]> timerStore = processorContext.getStateStore(TimerRows.STORE);
    if (lane.express()) {
      journal = journals.recovered(executionStore, timerStore);
    }
    executions = new ExecutionRows(executionStore, lane.express(), codecs.seals().keys());
    mapRunRows = new MapRunRows(executionStore);
    mapRuns = new MapRunCommands(executions, mapRunRows, this::now);
    timers = new TimerRows(timerStore);
    cleanUps = TimerRows.cleanUps(timerStore);
    deadLetters = new DeadLetters(context, Outputs.DEAD_LETTERS, counters);
    answers = new Answers(replies, pacing, codecs.replies(), context);
    activities = new ActivityQueues(new ActivityRows(executionStore), answers, this::now);
    messages = new Messages(lane, codecs, context, timers, this::now);
    parents = new NestedAnswers(executions, messages, lane, this::now);
    applier =
        new EffectApplier(
            new TaskRecords(lane, codecs, routes),
            new HistoryRecords(lane, codecs),
            new StatusRecords(lane, codecs),
            new StepRows(lane, executions, mapRunRows, timers, cleanUps),
            messages,
            new NestedStarts(lane, definitions, world.permissions(), codecs.seals()),
            parents,
            answers,
            pacing,
            counters.meters().tally(),
            context,
            this::now);
    admission.owned(partition);
    budget.owned();
    TimerRounds rounds =
        new TimerRounds(
            timers,
            new CleanUp(lane, executions, mapRunRows, cleanUps, this::now, budget),
            messages::stayed,
            this::now,
            budget,
            new TimerRounds.Work() {
              @Override
              public void fire(TimerRow timer, TimerKey engineTimer) {
                // What goes on in a further step is due at once.
                if (engineTimer.purpose() != TimerKey.Purpose.CONTINUE) {
                  counters
                      .meters()
                      .fired(processorContext.currentSystemTimeMs() - timer.dueMillis());
                }
                ExecutionProcessor.this.fire(timer, engineTimer);
              }

              @Override
              public void takeKept(TimerRow timer) {
                ExecutionProcessor.this.takeKept(timer);
              }

              @Override
              public void fired() {
                ended();
              }
            });
    processorContext.schedule(
        TICK,
        PunctuationType.WALL_CLOCK_TIME,
        _ -> {
          rounds.tick();
          pacing.requestIfDue(context);
        });
    if (lane.express()) {
      OverdueExecutions overdue =
          new OverdueExecutions(
              new StoredExecutions(executionStore),
              executions,
              timers,
              counters::overdue,
              this::now);
      processorContext.schedule(
          OverdueExecutions.LOOKED_FOR_EVERY, PunctuationType.WALL_CLOCK_TIME, _ -> overdue.look());
    }
    processorContext.schedule(
        LOW_WATER_PERSISTED_EVERY,
        PunctuationType.WALL_CLOCK_TIME,
        _ -> {
          timers.persistLowWater();
          cleanUps.persistLowWater();
          activities.forgetIdle();
        });
  }

  @Override
  public void close() {
    admission.disowned(partition);
    budget.disowned();
    if (journal != null) {
      journal.leave();
    }
  }

  /**
   * The partition's clock: the wall's, but it never goes back, nor behind a timer that has fired.
   */
  private long now() {
    clock = Math.max(clock, Math.max(context.currentSystemTimeMs(), timers.lowWater()));
    return clock;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Delivery delivery = Delivery.fresh(record, context.recordMetadata().orElseThrow());
    long ahead = record.timestamp() - context.currentSystemTimeMs();
    if (ahead > 0) {
      counters.meters().ahead(ahead);
    }
    if (record.value() != null && record.value().length > Topics.MAX_RECORD_BYTES) {
      // Nobody here sends such a one, but compressed it can be in any topic.
      deadLetters.put(
          delivery,
          "the record has %d bytes uncompressed, more than %d"
              .formatted(record.value().length, Topics.MAX_RECORD_BYTES));
      ended();
      return;
    }
    switch (codecs.inbox().decode(record.value())) {
      case Decoded.Unreadable(String reason) -> deadLetters.put(delivery, reason);
      case Decoded.Read(Envelope envelope) -> {
        ExecutionKey key = ExecutionKey.of(envelope.getExecutionArn());
        if (envelope.getBody() instanceof LaunchExecution launch) {
          admission.taken(
              partition, Duration.ofMillis(now() - launch.getRequestedAt().toEpochMilli()));
        }
        if (isOrdinary(key)) {
          budget.waited(context.currentSystemTimeMs() - record.timestamp());
        }
        open(key, envelope, delivery, true);
      }
    }
    ended();
  }

  /** All that follows from a record or a timer is in the rows' buffers. */
  private void ended() {
    pacing.stepped(context);
    if (journal != null) {
      journal.flushIfFull();
    }
  }

  /**
   * Opens what is sealed and takes the command, unless a key is missing: then it is tried again
   * until the key is there, since nothing is wrong with it.
   *
   * @param unchecked whether it has not been found to be possible yet
   */
  private void open(ExecutionKey key, Envelope envelope, Delivery delivery, boolean unchecked) {
    try {
      switch (codecs.seals().open(envelope)) {
        case null -> {
          String impossible =
              unchecked ? Commands.impossible(envelope, key, lane, partition, now()) : null;
          if (impossible == null) {
            take(key, envelope, delivery);
          } else {
            refuse(delivery, envelope, impossible);
          }
        }
        case SealProblem.KeyMissing(String reason)
            when codecs.seals().mayBeSealed(envelope.getExecutionArn()) ->
            awaitKey(key, delivery, reason);
        // Of a machine that names no key, nobody can have sealed it for this execution.
        case SealProblem problem -> refuse(delivery, envelope, problem.reason());
      }
    } catch (KeyUnavailableException e) {
      awaitKey(key, delivery, String.valueOf(e.getMessage()));
    }
  }

  private void awaitKey(ExecutionKey key, Delivery delivery, String reason) {
    missingKeys.tell(key.arn(), reason, now());
    counters.awaitsKey();
    parkFor(key, delivery);
  }

  /** Not a part of a Map run: of executions and shards only those have a slash in their ARN. */
  private static boolean isOrdinary(ExecutionKey key) {
    return key.arn().indexOf('/') < 0;
  }

  private void refuse(Delivery delivery, Envelope envelope, String reason) {
    deadLetters.put(delivery, reason);
    reply(envelope.getReplyTo(), new Reply.Refused(reason));
    if (envelope.getBody() instanceof LaunchExecution launch) {
      parents.refused(launch, reason);
    }
  }

  private void reply(@Nullable ReplyTo replyTo, Reply reply) {
    answers.give(replyTo, reply);
  }

  private void take(ExecutionKey key, Envelope envelope, Delivery delivery) {
    if (ActivityQueues.isFor(envelope.getBody())) {
      activities.take(key, envelope);
      return;
    }
    ExecutionRow header = executions.header(key.hash16());
    if (header != null && !header.getExecutionArn().equals(key.arn())) {
      refuse(
          delivery,
          envelope,
          "the row prefix of '%s' is taken by another execution".formatted(key.arn()));
      return;
    }
    switch (envelope.getBody()) {
      case LaunchExecution launch when header != null ->
          launchedBefore(key, envelope, launch, header);
      case LaunchExecution launch -> launch(key, envelope, launch, delivery);
      case LaunchChild launch when header != null && isRedriven(header, launch) ->
          redriveChild(key, header, launch, delivery);
      case LaunchChild _, StartShard _ when header != null ->
          counters.rejected(Rejection.Code.ALREADY_STARTED);
      case LaunchChild launch -> launchChild(key, launch, delivery);
      case StartShard start -> startShard(key, start, delivery);
      case ProbeShard _, ResumeShard _ when header == null -> lostShard(key, envelope, delivery);
      case InspectExecution _ ->
          reply(
              envelope.getReplyTo(),
              header == null ? new Reply.NoSuchExecution() : new Reply.Exists());
      case InspectMapRun _ -> reply(envelope.getReplyTo(), mapRuns.inspect(key));
      case ListMapRuns list ->
          reply(
              envelope.getReplyTo(),
              header == null ? new Reply.NoSuchExecution() : mapRuns.list(key, list));
      case UpdateMapRun update -> updateMapRun(key, update, envelope, delivery);
      case RedriveExecution redrive -> redrive(key, header, redrive, envelope, delivery);
      // Nobody would get what is taken now: it stays where it is, for the next.
      case TakeTask take
          when answers.isUseless(envelope.getReplyTo()) || take.getUntil().toEpochMilli() < now() ->
          reply(envelope.getReplyTo(), new Reply.TaskOver());
      default -> {
        Event event = Commands.event(envelope);
        if (event == null) {
          refuse(delivery, envelope, "a command of a newer release");
        } else {
          command(key, header, event, envelope, delivery);
        }
      }
    }
  }

  private void updateMapRun(
      ExecutionKey key, UpdateMapRun update, Envelope envelope, Delivery delivery) {
    MapRunRows.Found found = mapRuns.find(key);
    if (found == null) {
      reply(envelope.getReplyTo(), new Reply.NoSuchMapRun());
    } else if (mapRuns.hasEnded(found)) {
      reply(envelope.getReplyTo(), new Reply.MapRunUpdated(MapRunUpdate.ENDED));
    } else {
      ExecutionKey execution = found.execution();
      command(
          execution,
          executions.header(execution.hash16()),
          MapRunCommands.event(found, update),
          envelope,
          delivery);
    }
  }

  /** Its definition is not there yet. */
  private void park(ExecutionKey key, Delivery delivery) {
    counters.awaitsDefinition();
    parkFor(key, delivery);
  }

  /** Tries a delivery again later, in the order of arrival. */
  private void parkFor(ExecutionKey key, Delivery delivery) {
    long delay =
        Math.min(PARKED_AGAIN_MILLIS, PARKED_FIRST_MILLIS << Math.min(delivery.attempts(), 10));
    timers.park(
        key.hash16(),
        delivery.parkedId(lane.topics()),
        delivery.attempts() + 1,
        now() + delay,
        Objects.requireNonNull(delivery.value()));
  }

  // ------------------------------------------------------------------ launches

  private void launch(
      ExecutionKey key, Envelope envelope, LaunchExecution launch, Delivery delivery) {
    Definitions.Runnable machine =
        definitions.find(launch.getStateMachineArn(), launch.getRevisionId());
    if (machine == null) {
      awaitDefinition(key, envelope, launch, delivery);
      return;
    }
    byte[] input = Payloads.bytes(launch.getInput());
    boolean express = lane.express();
    ReplyTo onCompletion =
        launch.getReplyWhen() == ReplyWhen.COMPLETED ? envelope.getReplyTo() : null;
    Seal seal = codecs.seals().ofRevision(launch.getStateMachineArn(), launch.getRevisionId());
    ExecutionRow header = headers.launched(key, launch, machine, onCompletion, seal);
    Event.Started started =
        new Event.Started(
            key.arn(),
            launch.getName(),
            launch.getStateMachineArn(),
            machine.revision().getRoleArn(),
            express,
            launch.getRequestedAt().toEpochMilli(),
            input,
            launch.getTriggered() == null
                ? null
                : Payloads.bytes(launch.getTriggered().getContext()));
    parents.starting(launch, header);
    run(key, header, false, machine, started, delivery);
    if (onCompletion == null) {
      reply(envelope.getReplyTo(), new Reply.Started(header.getStartDate()));
    }
  }

  private void launchChild(ExecutionKey key, LaunchChild launch, Delivery delivery) {
    Definitions.Runnable machine = definition(launch.getStateMachineArn(), launch.getRevisionId());
    if (machine == null) {
      park(key, delivery); // for as long as it takes: its shard waits for it
      return;
    }
    ExecutionRow header = headers.child(key, launch, machine);
    Event.ChildStarted started = MapRunMessages.started(key.arn(), launch, lane.express());
    run(key, header, false, machine, started, delivery);
  }

  /** Whether a shard wants a child again that it had before its Map run was redriven. */
  private static boolean isRedriven(ExecutionRow header, LaunchChild launch) {
    return header.getPart() instanceof ChildOfMapRun known
        && launch.getChild().getRedrive() > known.getRedrive();
  }

  private void redriveChild(
      ExecutionKey key, ExecutionRow header, LaunchChild launch, Delivery delivery) {
    Definitions.Runnable machine = definition(header.getStateMachineArn(), header.getRevisionId());
    if (machine == null) {
      park(key, delivery);
      return;
    }
    Event.ChildStarted again = MapRunMessages.started(key.arn(), launch, lane.express());
    run(key, header, true, machine, again, delivery);
  }

  private void startShard(ExecutionKey key, StartShard start, Delivery delivery) {
    ExecutionRow header = headers.shard(key, start, now());
    run(key, header, false, null, MapRunMessages.started(key.arn(), start), delivery);
  }

  /** Answers for a shard of which nothing is here, not even whose it was. */
  private void lostShard(ExecutionKey key, Envelope probe, Delivery delivery) {
    ExecutionRow nobody = headers.unknownShard(key, now());
    run(key, nobody, false, null, Objects.requireNonNull(Commands.event(probe)), delivery);
  }

  private Definitions.@Nullable Runnable definition(String stateMachineArn, String revisionId) {
    return definitions.find(ExecutionArns.definedBy(stateMachineArn), revisionId);
  }

  /**
   * The same name and input while it runs is the same start (AWS); everything else is a conflict.
   * Of a trigger, the same record is the same start, whatever has become of it and whatever its
   * input is made of now; another record that says the same comes to nothing new either.
   */
  private void launchedBefore(
      ExecutionKey key, Envelope envelope, LaunchExecution launch, ExecutionRow existing) {
    counters.rejected(Rejection.Code.ALREADY_STARTED);
    if (launch.getReplyWhen() == ReplyWhen.COMPLETED) {
      return; // repeated after a crash: its answer is the end of the execution which runs already
    }
    boolean triggered = launch.getTriggered() != null;
    boolean same =
        triggered && launch.getTriggered().getBy().equals(existing.getTriggeredBy())
            || (triggered || existing.getStatus() == ExecutionStatus.RUNNING)
                && headers.isSameInput(existing, launch, codecs.seals().keys());
    if (launch.getParent() != null) {
      parents.launchedBefore(key, launch.getParent(), existing, same);
      return;
    }
    reply(
        envelope.getReplyTo(),
        same || !launch.getNamed()
            ? new Reply.Started(existing.getStartDate())
            : new Reply.AlreadyExists());
  }

  private void awaitDefinition(
      ExecutionKey key, Envelope envelope, LaunchExecution launch, Delivery delivery) {
    if (definitions.position() > launch.getDefinitionOffset()) {
      refuse(
          delivery,
          envelope,
          "there is no valid revision '%s' of state machine '%s'"
              .formatted(
                  Commands.shortened(launch.getRevisionId()),
                  Commands.shortened(launch.getStateMachineArn())));
    } else if (delivery.attempts() >= LAUNCH_PARKED_AT_MOST) {
      refuse(
          delivery,
          envelope,
          "the definition at offset %d does not arrive".formatted(launch.getDefinitionOffset()));
    } else {
      park(key, delivery);
    }
  }

  // ------------------------------------------------------------------ steps

  private void command(
      ExecutionKey key,
      @Nullable ExecutionRow header,
      Event event,
      Envelope envelope,
      Delivery delivery) {
    if (header == null) {
      counters.rejected(Rejection.Code.UNKNOWN_EXECUTION);
      nothingToDo(envelope, new Reply.NoSuchExecution());
      return;
    }
    if (header.getStatus() != ExecutionStatus.RUNNING && !Engine.isHeardAfterEnd(event)) {
      counters.rejected(Rejection.Code.ALREADY_CLOSED);
      nothingToDo(envelope, new Reply.AlreadyEnded(header.getStopDate()));
      return;
    }
    if (header.getPart() instanceof ShardPart) {
      run(key, header, true, null, event, delivery);
      return;
    }
    Definitions.Runnable machine = definition(header.getStateMachineArn(), header.getRevisionId());
    if (machine == null) {
      park(key, delivery);
      return;
    }
    boolean accepted = run(key, header, true, machine, event, delivery) == null;
    if (isOfAttempt(envelope.getBody())) {
      if (accepted) {
        reply(envelope.getReplyTo(), new Reply.TaskAccepted());
      } else {
        nothingToDo(envelope, new Reply.TaskOver());
      }
    }
    if (envelope.getBody() instanceof UpdateMapRun) {
      reply(envelope.getReplyTo(), new Reply.MapRunUpdated(MapRunUpdate.UPDATED));
    }
    if (envelope.getBody() instanceof StopExecution) {
      Instant stopDate = Objects.requireNonNull(header.getStopDate());
      reply(
          envelope.getReplyTo(),
          header.getStatus() == ExecutionStatus.ABORTED
              ? new Reply.Stopped(stopDate)
              : new Reply.AlreadyEnded(stopDate));
    }
  }

  private void redrive(
      ExecutionKey key,
      @Nullable ExecutionRow header,
      RedriveExecution asked,
      Envelope envelope,
      Delivery delivery) {
    if (header == null) {
      counters.rejected(Rejection.Code.UNKNOWN_EXECUTION);
      reply(envelope.getReplyTo(), new Reply.NoSuchExecution());
      return;
    }
    Instant now = Instant.ofEpochMilli(stepTime(header));
    Instant before = RedriveTokens.redriven(header, asked.getClientToken(), now);
    if (before != null) {
      reply(envelope.getReplyTo(), new Reply.Redriven(before));
      return;
    }
    Definitions.Runnable machine = definition(header.getStateMachineArn(), header.getRevisionId());
    if (machine == null) {
      awaitRevision(key, envelope, delivery);
      return;
    }
    RedriveTokens.remember(header, asked.getClientToken(), now);
    Rejection rejection = run(key, header, true, machine, new Event.RedriveRequested(), delivery);
    reply(
        envelope.getReplyTo(),
        rejection == null
            ? new Reply.Redriven(Objects.requireNonNull(header.getRedriveDate()))
            : new Reply.NotRedrivable(rejection.message()));
  }

  /**
   * A revision that ran once and isn't there went with its machine; or this node lags behind, which
   * takes milliseconds.
   */
  private void awaitRevision(ExecutionKey key, Envelope redrive, Delivery delivery) {
    if (delivery.attempts() < REDRIVE_PARKED_AT_MOST) {
      park(key, delivery);
    } else {
      reply(redrive.getReplyTo(), new Reply.NotRedrivable(RedriveRules.MACHINE_DELETED));
    }
  }

  /**
   * The clocks of the node which took the start, and of the one which had the execution before, may
   * be ahead: a history must not go back.
   */
  private long stepTime(ExecutionRow header) {
    Instant before = header.getSteppedAt() == null ? header.getStartDate() : header.getSteppedAt();
    return Math.max(now(), before.toEpochMilli());
  }

  /** What is said of an attempt: by its worker, by whoever has its token. */
  private static boolean isOfAttempt(Object body) {
    return body instanceof TaskSucceeded
        || body instanceof TaskFailed
        || body instanceof TaskHeartbeat
        || body instanceof TaskSubmitted
        || body instanceof JobRuns
        || body instanceof TakeTask;
  }

  /** A command has found nothing that it could change. */
  private void nothingToDo(Envelope envelope, Reply reply) {
    reply(envelope.getReplyTo(), reply);
    if (envelope.getBody() instanceof TakeTask) {
      messages.send(ActivityMessages.withdraw(envelope));
    }
    parents.stopOrphan(envelope);
    applier.stopOrphan(envelope, now());
  }

  /**
   * Runs the core on an event.
   *
   * @param runnable null: a shard's event, which needs none
   * @param delivery that the event came with; null: a timer's
   * @return why the event was not accepted; null: it was
   */
  private @Nullable Rejection run(
      ExecutionKey key,
      ExecutionRow header,
      boolean stored,
      Definitions.@Nullable Runnable runnable,
      Event event,
      @Nullable Delivery delivery) {
    Machine machine = runnable == null ? null : runnable.machine();
    Definitions.Telling telling =
        runnable == null ? Definitions.Telling.NOTHING : runnable.telling();
    Seal seal = seal(header, machine);
    long now = stepTime(header);
    StepContext step =
        new StepContext(now, lane.region(), lane.limits(), world.tokens(), world.activities());
    byte[] hash = key.hash16();
    ExecutionView view = executions.view(hash, stored ? header : null);
    Decision decision;
    try {
      decision =
          machine == null
              ? Engine.stepShard(view, event, step)
              : Engine.step(machine, view, event, step);
    } catch (KeyUnavailableException e) {
      throw e; // the step has changed nothing yet, and whoever called waits for the key
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError bug) {
      // The record must not come back for ever: its execution ends, the partition lives on. The
      // step has changed nothing yet, whatever broke it.
      try (var _ = MDC.putCloseable(EXECUTION, key.arn())) {
        LOG.error("A bug in the core ends execution {}", key.arn(), bug);
      }
      counters.bug();
      String broken = "An internal error ended the execution: " + bug;
      decision =
          Engine.abandon(
              executions.readableView(hash, stored ? header : null), event, broken, step);
      cleanUps.schedule(hash, ExecutionRows.EVERYTHING, TimerRow.PURGE, now, new byte[0]);
      if (delivery != null) {
        deadLetters.put(delivery, broken);
      }
    }
    if (decision.rejection() != null) {
      counters.rejected(decision.rejection().code());
      return decision.rejection();
    }
    counters.stepped();
    String excess = applier.apply(key, header, stored, decision, seal, telling, now);
    if (excess == null) {
      return null;
    }
    try (var _ = MDC.putCloseable(EXECUTION, key.arn())) {
      LOG.warn("Execution {} ends: {}", key.arn(), excess);
    }
    Decision end = Engine.abandonTooLarge(view, event, excess, step);
    if (end.rejection() != null) {
      return new Rejection(end.rejection().code(), excess); // it had ended, and stays as it was
    }
    end(key, header, stored, end, seal, telling, now);
    return null;
  }

  /** A record that its topic refuses would end the thread again and again (INV-33). */
  private void end(
      ExecutionKey key,
      ExecutionRow header,
      boolean stored,
      Decision end,
      Seal seal,
      Definitions.Telling telling,
      long now) {
    cleanUps.schedule(key.hash16(), ExecutionRows.EVERYTHING, TimerRow.PURGE, now, new byte[0]);
    String excess = applier.apply(key, header, stored, end, seal, telling, now);
    if (excess != null) {
      throw new IllegalStateException("Not even the end of " + key.arn() + " fits: " + excess);
    }
  }

  /** Had before the step, so that nothing of it can fail for the key. */
  private Seal seal(ExecutionRow header, @Nullable Machine machine) {
    String arn = ExecutionArns.definedBy(header.getStateMachineArn());
    if (machine != null) {
      return codecs.seals().ofRevision(arn, header.getRevisionId());
    }
    // Nothing is known of a lost shard, which has no payloads either.
    return arn.isEmpty() ? Seal.NONE : codecs.seals().ofShard(arn, header.getRevisionId());
  }

  // ------------------------------------------------------------------ timers

  private void fire(TimerRow timer, TimerKey engineTimer) {
    try {
      fireNow(timer, engineTimer);
    } catch (KeyUnavailableException e) {
      missingKeys.tell("a timer of an execution", String.valueOf(e.getMessage()), now());
      counters.awaitsKey();
      timers.schedule(timer.hash(), engineTimer, now() + PARKED_AGAIN_MILLIS);
    }
  }

  private void fireNow(TimerRow timer, TimerKey engineTimer) {
    ExecutionRow header = executions.header(timer.hash());
    if (header == null || header.getStatus() != ExecutionStatus.RUNNING) {
      return; // cancelled lazily
    }
    ExecutionKey key = ExecutionKey.of(header.getExecutionArn());
    Event event = new Event.TimerFired(engineTimer);
    if (header.getPart() instanceof ShardPart) {
      run(key, header, true, null, event, null);
      return;
    }
    Definitions.Runnable machine = definition(header.getStateMachineArn(), header.getRevisionId());
    if (machine == null) {
      counters.awaitsDefinition();
      timers.schedule(timer.hash(), engineTimer, now() + PARKED_AGAIN_MILLIS);
      return;
    }
    run(key, header, true, machine, event, null);
  }

  /** Takes what was put into a timer's row, having been read or written here before. */
  private void takeKept(TimerRow timer) {
    switch (codecs.inbox().decode(timer.value())) {
      case Decoded.Read(Envelope envelope) -> {
        ExecutionKey key = ExecutionKey.of(envelope.getExecutionArn());
        if (timer.purpose() == TimerRow.MESSAGE) {
          open(key, envelope, Delivery.message(timer, lane.topics(), partition, key.arn()), false);
        } else {
          open(key, envelope, Delivery.parked(timer, lane.topics(), partition, key.arn()), true);
        }
      }
      case Decoded.Unreadable(String reason) ->
          throw new IllegalStateException("a kept command cannot be read: " + reason);
    }
  }
}
