package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Rejection;
import io.stepstream.asl.engine.TimerKey;
import io.stepstream.coordinator.admission.Admission;
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
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.InspectExecution;
import io.stepstream.schemas.InspectMapRun;
import io.stepstream.schemas.LaunchChild;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.ListMapRuns;
import io.stepstream.schemas.ProbeShard;
import io.stepstream.schemas.RedriveExecution;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.ResumeShard;
import io.stepstream.schemas.StartShard;
import io.stepstream.schemas.TakeTask;
import io.stepstream.schemas.UpdateMapRun;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import io.stepstream.schemas.sealing.SealProblem;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The single writer of the executions of one partition: takes commands from the inbox and the peer
 * topic, fires timers, and hands each to what runs the core for it.
 */
final class ExecutionProcessor implements Processor<byte[], byte[], Object, byte[]> {

  /** Timers fire in place, at this granularity. */
  private static final Duration TICK = Duration.ofMillis(10);

  private static final Duration LOW_WATER_PERSISTED_EVERY = Duration.ofSeconds(5);

  private final LaneSettings lane;
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

  // Set by init, before any record.
  private ProcessorContext<Object, byte[]> context;
  private ExecutionRows executions;
  private TimerRows timers;
  private Answers answers;
  private NestedAnswers parents;
  private DeadLetters deadLetters;
  private Parking parking;
  private Messages messages;
  private Launches launches;
  private ExecutionCommands commands;
  private MapRunCommands mapRuns;
  private ActivityQueues activities;
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
    if (partition >= lane.generations().partitions()) {
      // It would refuse what nodes send here that know why.
      throw new IllegalStateException(
          "There are more partitions than %s: this node has to start anew"
              .formatted(lane.generations().counts()));
    }
    KeyValueStore<Bytes, byte[]> executionStore =
        processorContext.getStateStore(ExecutionRows.STORE);
    KeyValueStore<Bytes, byte[]> timerStore = processorContext.getStateStore(TimerRows.STORE);
    if (lane.express()) {
      journal = journals.recovered(executionStore, timerStore);
    }
    executions = new ExecutionRows(executionStore, lane.express(), codecs.seals().keys());
    MapRunRows mapRunRows = new MapRunRows(executionStore);
    mapRuns = new MapRunCommands(executions, mapRunRows, this::now);
    timers = new TimerRows(timerStore);
    TimerRows cleanUps = TimerRows.cleanUps(timerStore);
    deadLetters = new DeadLetters(context, Outputs.DEAD_LETTERS, counters);
    answers = new Answers(replies, pacing, codecs.replies(), context);
    activities = new ActivityQueues(new ActivityRows(executionStore), answers, this::now);
    messages = new Messages(lane, codecs, context, timers, this::now);
    parents = new NestedAnswers(executions, messages, lane, this::now);
    TaskRecords tasks = new TaskRecords(lane, codecs, routes, partition);
    EffectApplier applier =
        new EffectApplier(
            tasks,
            new HistoryRecords(lane, codecs, partition),
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
    Steps steps =
        new Steps(
            lane,
            codecs.seals(),
            definitions,
            world,
            counters,
            executions,
            cleanUps,
            applier,
            deadLetters,
            this::now);
    parking = new Parking(lane.topics(), timers, counters, this::now);
    launches =
        new Launches(
            lane,
            codecs.seals(),
            definitions,
            counters,
            steps,
            parking,
            answers,
            parents,
            this::now);
    Orphans orphans = new Orphans(messages, parents, tasks, context, this::now);
    commands =
        new ExecutionCommands(executions, mapRuns, counters, steps, parking, answers, orphans);
    EngineTimers engineTimers = new EngineTimers(executions, steps, parking);
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
                engineTimers.fire(timer, engineTimer);
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
            parking.awaitKey(key, delivery, reason);
        // Of a machine that names no key, nobody can have sealed it for this execution.
        case SealProblem problem -> refuse(delivery, envelope, problem.reason());
      }
    } catch (KeyUnavailableException e) {
      parking.awaitKey(key, delivery, String.valueOf(e.getMessage()));
    }
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

  /**
   * Whether what isn't here may be where a later generation has it. A launch that was written
   * before the growth, or has been among the dead letters since, is no exception: its name may have
   * been given there meanwhile.
   */
  private boolean mayBeElsewhere(Envelope envelope) {
    return envelope.getGeneration() == Generations.UNKNOWN
        || envelope.getBody() instanceof LaunchExecution
            && !lane.express()
            && envelope.getGeneration() < lane.generations().latest();
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
    if (header == null
        && mayBeElsewhere(envelope)
        && !mapRuns.isHere(key)
        && messages.passOn(key, envelope)) {
      return;
    }
    switch (envelope.getBody()) {
      case LaunchExecution launch when header != null ->
          launches.launchedBefore(key, envelope, launch, header);
      case LaunchExecution launch -> {
        String refusal = launches.launch(key, envelope, launch, delivery);
        if (refusal != null) {
          refuse(delivery, envelope, refusal);
        }
      }
      case LaunchChild launch when header != null && Launches.isRedriven(header, launch) ->
          launches.redriveChild(key, header, launch, delivery);
      case LaunchChild _, StartShard _ when header != null ->
          counters.rejected(Rejection.Code.ALREADY_STARTED);
      case LaunchChild launch ->
          launches.launchChild(key, envelope.getGeneration(), launch, delivery);
      case StartShard start -> launches.startShard(key, envelope.getGeneration(), start, delivery);
      case ProbeShard _, ResumeShard _ when header == null ->
          launches.lostShard(key, envelope, delivery);
      case InspectExecution _ ->
          reply(
              envelope.getReplyTo(),
              header == null ? new Reply.NoSuchExecution() : new Reply.Exists());
      case InspectMapRun _ -> reply(envelope.getReplyTo(), mapRuns.inspect(key));
      case ListMapRuns list ->
          reply(
              envelope.getReplyTo(),
              header == null ? new Reply.NoSuchExecution() : mapRuns.list(key, list));
      case UpdateMapRun update -> commands.updateMapRun(key, update, envelope, delivery);
      case RedriveExecution redrive -> commands.redrive(key, header, redrive, envelope, delivery);
      // Nobody would get what is taken now: it stays where it is, for the next.
      case TakeTask take
          when answers.isUseless(envelope.getReplyTo()) || take.getUntil().toEpochMilli() < now() ->
          reply(envelope.getReplyTo(), new Reply.TaskOver());
      default -> {
        Event event = Commands.event(envelope);
        if (event == null) {
          refuse(delivery, envelope, "a command of a newer release");
        } else {
          commands.command(key, header, event, envelope, delivery);
        }
      }
    }
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
