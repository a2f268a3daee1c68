package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Rejection;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.schemas.ChildOfMapRun;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.LaunchChild;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.ReplyWhen;
import io.stepstream.schemas.StartShard;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Generations;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The beginnings of executions, of children of Map runs and of shards, and what is said to whoever
 * begins one that is there already.
 *
 * <p>Not thread safe: one per partition.
 */
final class Launches {

  /** Half a minute: then a launch is given up. */
  private static final int LAUNCH_PARKED_AT_MOST = 35;

  private final LaneSettings lane;
  private final NewHeaders headers;
  private final Seals seals;
  private final Definitions definitions;
  private final StepCounters counters;
  private final Steps steps;
  private final Parking parking;
  private final Answers answers;
  private final NestedAnswers parents;
  private final LongSupplier clock;

  /**
   * @param clock the partition's, which never goes back
   */
  Launches(
      LaneSettings lane,
      Seals seals,
      Definitions definitions,
      StepCounters counters,
      Steps steps,
      Parking parking,
      Answers answers,
      NestedAnswers parents,
      LongSupplier clock) {
    this.lane = lane;
    this.headers = new NewHeaders(lane);
    this.seals = seals;
    this.definitions = definitions;
    this.counters = counters;
    this.steps = steps;
    this.parking = parking;
    this.answers = answers;
    this.parents = parents;
    this.clock = clock;
  }

  /**
   * @return why it is refused; null: it is carried out, now or when its definition is there
   */
  @Nullable String launch(
      ExecutionKey key, Envelope envelope, LaunchExecution launch, Delivery delivery) {
    Definitions.Runnable machine =
        definitions.find(launch.getStateMachineArn(), launch.getRevisionId());
    if (machine == null) {
      return awaitDefinition(key, launch, delivery);
    }
    byte[] input = Payloads.bytes(launch.getInput());
    boolean express = lane.express();
    ReplyTo onCompletion =
        launch.getReplyWhen() == ReplyWhen.COMPLETED ? envelope.getReplyTo() : null;
    Seal seal = seals.ofRevision(launch.getStateMachineArn(), launch.getRevisionId());
    // It has been passed on by all older generations: none of them has the name.
    int generation =
        envelope.getGeneration() == Generations.UNKNOWN
            ? lane.generations().latest()
            : envelope.getGeneration();
    ExecutionRow header = headers.launched(key, generation, launch, machine, onCompletion, seal);
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
    steps.run(key, header, false, machine, started, delivery);
    if (onCompletion == null) {
      answers.give(envelope.getReplyTo(), new Reply.Started(header.getStartDate()));
    }
    return null;
  }

  private @Nullable String awaitDefinition(
      ExecutionKey key, LaunchExecution launch, Delivery delivery) {
    if (definitions.position() > launch.getDefinitionOffset()) {
      return "there is no valid revision '%s' of state machine '%s'"
          .formatted(
              Commands.shortened(launch.getRevisionId()),
              Commands.shortened(launch.getStateMachineArn()));
    }
    if (delivery.attempts() >= LAUNCH_PARKED_AT_MOST) {
      return "the definition at offset %d does not arrive".formatted(launch.getDefinitionOffset());
    }
    parking.awaitDefinition(key, delivery);
    return null;
  }

  /**
   * The same name and input while it runs is the same start (AWS); everything else is a conflict.
   * Of a trigger, the same record is the same start, whatever has become of it and whatever its
   * input is made of now; another record that says the same comes to nothing new either.
   */
  void launchedBefore(
      ExecutionKey key, Envelope envelope, LaunchExecution launch, ExecutionRow existing) {
    counters.rejected(Rejection.Code.ALREADY_STARTED);
    if (launch.getReplyWhen() == ReplyWhen.COMPLETED) {
      return; // repeated after a crash: its answer is the end of the execution which runs already
    }
    boolean triggered = launch.getTriggered() != null;
    boolean same =
        triggered && launch.getTriggered().getBy().equals(existing.getTriggeredBy())
            || (triggered || existing.getStatus() == ExecutionStatus.RUNNING)
                && headers.isSameInput(existing, launch, seals.keys());
    if (launch.getParent() != null) {
      parents.launchedBefore(key, launch.getParent(), existing, same);
      return;
    }
    answers.give(
        envelope.getReplyTo(),
        same || !launch.getNamed()
            ? new Reply.Started(existing.getStartDate())
            : new Reply.AlreadyExists());
  }

  /**
   * @param generation its shard's
   */
  void launchChild(ExecutionKey key, int generation, LaunchChild launch, Delivery delivery) {
    Definitions.Runnable machine =
        definitions.find(
            ExecutionArns.definedBy(launch.getStateMachineArn()), launch.getRevisionId());
    if (machine == null) {
      parking.awaitDefinition(key, delivery); // for as long as it takes: its shard waits for it
      return;
    }
    ExecutionRow header = headers.child(key, generation, launch, machine);
    Event.ChildStarted started = MapRunMessages.started(key.arn(), launch, lane.express());
    steps.run(key, header, false, machine, started, delivery);
  }

  /** Whether a shard wants a child again that it had before its Map run was redriven. */
  static boolean isRedriven(ExecutionRow header, LaunchChild launch) {
    return header.getPart() instanceof ChildOfMapRun known
        && launch.getChild().getRedrive() > known.getRedrive();
  }

  void redriveChild(ExecutionKey key, ExecutionRow header, LaunchChild launch, Delivery delivery) {
    Definitions.Runnable machine = steps.definition(header);
    if (machine == null) {
      parking.awaitDefinition(key, delivery);
      return;
    }
    Event.ChildStarted again = MapRunMessages.started(key.arn(), launch, lane.express());
    steps.run(key, header, true, machine, again, delivery);
  }

  /**
   * @param generation that of the execution of its Map state
   */
  void startShard(ExecutionKey key, int generation, StartShard start, Delivery delivery) {
    ExecutionRow header = headers.shard(key, generation, start, clock.getAsLong());
    steps.run(key, header, false, null, MapRunMessages.started(key.arn(), start), delivery);
  }

  /** Answers for a shard of which nothing is here, not even whose it was. */
  void lostShard(ExecutionKey key, Envelope probe, Delivery delivery) {
    ExecutionRow nobody = headers.unknownShard(key, probe.getGeneration(), clock.getAsLong());
    steps.run(key, nobody, false, null, Objects.requireNonNull(Commands.event(probe)), delivery);
  }
}
