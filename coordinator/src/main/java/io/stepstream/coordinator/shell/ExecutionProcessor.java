package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Decision;
import io.stepstream.asl.engine.Engine;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Rejection;
import io.stepstream.asl.engine.StepContext;
import io.stepstream.asl.engine.TimerKey;
import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.route.TaskRoutes;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.InspectExecution;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.ReplyWhen;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.ExecutionKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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

/**
 * The single writer of the executions of one partition: takes commands from the inbox and the peer
 * topic, fires timers, and runs the core.
 */
final class ExecutionProcessor implements Processor<byte[], byte[], Object, byte[]> {

  private static final Logger LOG = LoggerFactory.getLogger(ExecutionProcessor.class);

  /** Timers fire in place, at this granularity. */
  private static final Duration TICK = Duration.ofMillis(10);

  private static final int TIMERS_PER_TICK = 500;
  private static final long TICK_BUDGET_NANOS = 10_000_000;
  private static final int PURGED_PER_TICK = 200;

  /** A launch whose definition doesn't arrive is given up. */
  private static final Duration PARKED_AT_MOST = Duration.ofSeconds(30);

  private static final Duration PARKED_FOR = Duration.ofMillis(20);
  private static final Duration LOW_WATER_PERSISTED_EVERY = Duration.ofSeconds(5);

  private final LaneSettings lane;
  private final LaneCodecs codecs;
  private final Definitions definitions;
  private final TaskRoutes routes;
  private final CommitPacing pacing;
  private final PendingReplies replies;
  private final StepCounters counters;

  // Set by init, before any record.
  private ProcessorContext<Object, byte[]> context;
  private ExecutionRows executions;
  private TimerRows timers;
  private EffectApplier applier;
  private int partition;

  ExecutionProcessor(
      LaneSettings lane,
      LaneCodecs codecs,
      Definitions definitions,
      TaskRoutes routes,
      CommitPacing pacing,
      PendingReplies replies,
      StepCounters counters) {
    this.lane = lane;
    this.codecs = codecs;
    this.definitions = definitions;
    this.routes = routes;
    this.pacing = pacing;
    this.replies = replies;
    this.counters = counters;
  }

  @Override
  public void init(ProcessorContext<Object, byte[]> processorContext) {
    context = processorContext;
    partition = processorContext.taskId().partition();
    KeyValueStore<Bytes, byte[]> executionStore =
        processorContext.getStateStore(ExecutionRows.STORE);
    KeyValueStore<Bytes, byte[]> timerStore = processorContext.getStateStore(TimerRows.STORE);
    executions = new ExecutionRows(executionStore, lane.express());
    timers = new TimerRows(timerStore);
    applier = new EffectApplier(lane, codecs, routes, pacing, replies, context, executions, timers);
    processorContext.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, _ -> tick());
    processorContext.schedule(
        LOW_WATER_PERSISTED_EVERY, PunctuationType.WALL_CLOCK_TIME, _ -> timers.persistLowWater());
  }

  /** The partition's clock: the wall's, but never behind a timer that has fired. */
  private long now() {
    return Math.max(context.currentSystemTimeMs(), timers.lowWater());
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    switch (codecs.inbox().decode(record.value())) {
      case Decoded.Unreadable(String reason) -> putAside(record, null, reason);
      case Decoded.Read(Envelope envelope) -> {
        ExecutionKey key = ExecutionKey.of(envelope.getExecutionArn());
        String impossible = Commands.impossible(envelope, lane);
        if (impossible == null && key.partition(lane.partitions()) != partition) {
          impossible =
              "execution '%s' belongs to partition %d, not %d"
                  .formatted(
                      Commands.shortened(key.arn()), key.partition(lane.partitions()), partition);
        }
        if (impossible != null) {
          putAside(record, envelope.getReplyTo(), impossible);
        } else {
          String refused = take(key, envelope, record.value());
          if (refused != null) {
            putAside(record, envelope.getReplyTo(), refused);
          }
        }
      }
    }
  }

  private void putAside(Record<byte[], byte[]> record, @Nullable ReplyTo replyTo, String reason) {
    counters.deadLetter();
    DeadLetters.put(context, Outputs.DEAD_LETTERS, record, reason);
    reply(replyTo, new Reply.Refused(reason));
    pacing.stepped(context);
  }

  private void reply(@Nullable ReplyTo replyTo, Reply reply) {
    if (replyTo != null) {
      pacing.reply(() -> replies.complete(replyTo, reply));
    }
  }

  /** Carries out a command; a reason if it cannot be. */
  private @Nullable String take(ExecutionKey key, Envelope envelope, byte[] bytes) {
    byte[] hash = key.hash16();
    ExecutionRow header = executions.header(hash);
    if (header != null && !header.getExecutionArn().equals(key.arn())) {
      return "the row prefix of '%s' is taken by another execution".formatted(key.arn());
    }
    return switch (envelope.getBody()) {
      case LaunchExecution launch -> launch(key, header, envelope, launch, bytes);
      case InspectExecution _ -> {
        reply(
            envelope.getReplyTo(),
            header == null ? new Reply.NoSuchExecution() : new Reply.Exists());
        pacing.stepped(context);
        yield null;
      }
      default -> {
        Event event = Commands.event(envelope);
        if (event == null) {
          yield "a command of a newer release";
        }
        yield step(key, header, event, envelope.getReplyTo(), envelope.getBody());
      }
    };
  }

  // ------------------------------------------------------------------ launches

  private @Nullable String launch(
      ExecutionKey key,
      @Nullable ExecutionRow existing,
      Envelope envelope,
      LaunchExecution launch,
      byte[] bytes) {
    byte[] input = Payloads.bytes(launch.getInput());
    if (existing != null) {
      launchedBefore(envelope, launch, existing, input);
      return null;
    }
    Definitions.Runnable machine =
        definitions.find(launch.getStateMachineArn(), launch.getRevisionId());
    if (machine == null) {
      return awaitDefinition(key, launch, bytes);
    }
    boolean express = lane.express();
    ReplyTo onCompletion =
        launch.getReplyWhen() == ReplyWhen.COMPLETED ? envelope.getReplyTo() : null;
    ExecutionRow header =
        new ExecutionRow(
            key.arn(),
            launch.getStateMachineArn(),
            launch.getRevisionId(),
            launch.getName(),
            ExecutionStatus.RUNNING,
            launch.getRequestedAt(),
            null,
            null,
            1L,
            1L,
            0L,
            Payloads.of(sha256(input)),
            machine.revision().getRoleArn(),
            launch.getTraceHeader(),
            0,
            onCompletion,
            !express || (lane.transitions() && machine.revision().getTransitionsLogged()));
    Event.Started started =
        new Event.Started(
            key.arn(),
            launch.getName(),
            launch.getStateMachineArn(),
            machine.revision().getRoleArn(),
            express,
            launch.getRequestedAt().toEpochMilli(),
            input);
    String bug = run(key, header, false, machine, started);
    if (bug == null && onCompletion == null) {
      reply(envelope.getReplyTo(), new Reply.Started(header.getStartDate()));
    }
    return bug;
  }

  /**
   * The same name and input while it runs is the same start (AWS); everything else is a conflict.
   */
  private void launchedBefore(
      Envelope envelope, LaunchExecution launch, ExecutionRow existing, byte[] input) {
    counters.rejected(Rejection.Code.ALREADY_STARTED);
    boolean same =
        existing.getStatus() == ExecutionStatus.RUNNING
            && Arrays.equals(Payloads.bytes(existing.getInputHash()), sha256(input));
    reply(
        envelope.getReplyTo(),
        same || !launch.getNamed()
            ? new Reply.Started(existing.getStartDate())
            : new Reply.AlreadyExists());
    pacing.stepped(context);
  }

  private @Nullable String awaitDefinition(ExecutionKey key, LaunchExecution launch, byte[] bytes) {
    if (definitions.position() > launch.getDefinitionOffset()) {
      return "there is no valid revision '%s' of state machine '%s'"
          .formatted(
              Commands.shortened(launch.getRevisionId()),
              Commands.shortened(launch.getStateMachineArn()));
    }
    long now = now();
    if (now - launch.getRequestedAt().toEpochMilli() > PARKED_AT_MOST.toMillis()) {
      return "the definition at offset %d has not arrived after %d s"
          .formatted(launch.getDefinitionOffset(), PARKED_AT_MOST.toSeconds());
    }
    timers.schedule(key.hash16(), 0, TimerRow.PARKED, now + PARKED_FOR.toMillis(), bytes);
    pacing.stepped(context);
    return null;
  }

  // ------------------------------------------------------------------ steps

  private @Nullable String step(
      ExecutionKey key,
      @Nullable ExecutionRow header,
      Event event,
      @Nullable ReplyTo replyTo,
      Object command) {
    if (header == null) {
      counters.rejected(Rejection.Code.UNKNOWN_EXECUTION);
      reply(replyTo, new Reply.NoSuchExecution());
      pacing.stepped(context);
      return null;
    }
    if (header.getStatus() != ExecutionStatus.RUNNING) {
      counters.rejected(Rejection.Code.ALREADY_CLOSED);
      reply(replyTo, new Reply.AlreadyEnded(header.getStopDate()));
      pacing.stepped(context);
      return null;
    }
    Definitions.Runnable machine =
        definitions.find(header.getStateMachineArn(), header.getRevisionId());
    if (machine == null) {
      return "the revision '%s' of state machine '%s', which '%s' runs, is gone"
          .formatted(header.getRevisionId(), header.getStateMachineArn(), key.arn());
    }
    String bug = run(key, header, true, machine, event);
    if (bug == null && command instanceof StopExecution) {
      reply(replyTo, new Reply.Stopped(Objects.requireNonNull(header.getStopDate())));
    }
    return bug;
  }

  /** Runs the core on an event; a reason if it broke. */
  private @Nullable String run(
      ExecutionKey key,
      ExecutionRow header,
      boolean stored,
      Definitions.Runnable machine,
      Event event) {
    long now = now();
    StepContext step = new StepContext(now, lane.region(), lane.limits());
    byte[] hash = key.hash16();
    var view = executions.view(hash, stored ? header : null);
    Decision decision;
    String broken = null;
    try {
      decision = Engine.step(machine.machine(), view, event, step);
    } catch (RuntimeException bug) {
      // The record must not come back for ever: its execution ends, the partition lives on.
      LOG.error("A bug in the core ends execution {} at {}", key.arn(), event, bug);
      counters.bug();
      broken = "An internal error ended the execution: " + bug;
      decision = Engine.abandon(view, broken, step);
    }
    if (decision.rejection() != null) {
      counters.rejected(decision.rejection().code());
      pacing.stepped(context);
      return broken;
    }
    counters.stepped();
    applier.apply(key, header, stored, decision, now);
    return broken;
  }

  // ------------------------------------------------------------------ timers

  private void tick() {
    long began = System.nanoTime();
    List<TimerRow> due = timers.due(now(), TIMERS_PER_TICK);
    int fired = 0;
    for (TimerRow timer : due) {
      if (System.nanoTime() - began > TICK_BUDGET_NANOS && fired > 0) {
        timers.postpone(due.subList(fired, due.size()));
        break;
      }
      timers.delete(timer);
      fire(timer);
      fired++;
    }
    pacing.requestIfDue(context);
  }

  private void fire(TimerRow timer) {
    TimerKey engineTimer = timer.engineTimer();
    if (engineTimer != null) {
      ExecutionRow header = executions.header(timer.hash());
      if (header != null) {
        step(
            ExecutionKey.of(header.getExecutionArn()),
            header,
            new Event.TimerFired(engineTimer),
            null,
            engineTimer);
      }
      return;
    }
    switch (timer.purpose()) {
      case TimerRow.RETENTION -> {
        ExecutionRow header = executions.header(timer.hash());
        if (header != null && header.getStatus() != ExecutionStatus.RUNNING) {
          executions.deleteHeader(timer.hash());
        }
      }
      case TimerRow.PURGE -> {
        if (executions.purge(timer.hash(), timer.frameId(), PURGED_PER_TICK)) {
          timers.schedule(timer.hash(), timer.frameId(), TimerRow.PURGE, now() + 1, new byte[0]);
        }
      }
      case TimerRow.PARKED -> unpark(timer);
      default -> LOG.warn("A timer of unknown purpose {} is dropped", timer.purpose());
    }
    pacing.stepped(context);
  }

  private void unpark(TimerRow timer) {
    if (codecs.inbox().decode(timer.value()) instanceof Decoded.Read(Envelope envelope)) {
      ExecutionKey key = ExecutionKey.of(envelope.getExecutionArn());
      String refused = take(key, envelope, timer.value());
      if (refused != null) {
        LOG.warn("A parked launch of {} is given up: {}", key.arn(), refused);
        counters.deadLetter();
        reply(envelope.getReplyTo(), new Reply.Refused(refused));
        context.forward(
            new Record<>(
                Outputs.utf8(key.arn()),
                timer.value(),
                now(),
                DeadLetters.headers(refused, lane.topics().inbox(), partition, now())),
            Outputs.DEAD_LETTERS);
      }
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
