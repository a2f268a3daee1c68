package io.stepstream.coordinator.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import io.stepstream.asl.engine.Effect;
import io.stepstream.schemas.Lane;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The meters of one lane of a node. Thread safe.
 *
 * <p>Machines and resources are named by users, so how many of them have series of their own is
 * bounded: the first ones have, and all others share those of {@link #OTHER}. A series stays until
 * the node ends.
 */
public final class LaneMeters {

  /** The label of what has no series of its own. */
  public static final String OTHER = "other";

  /** Of executions and tasks: from a step to a day. */
  static final Duration[] BUCKETS = {
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(10),
    Duration.ofHours(1),
    Duration.ofDays(1)
  };

  private static final Duration[] LATENESS = {
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(15),
    Duration.ofMinutes(1),
    Duration.ofMinutes(10)
  };

  /** How long a clock that was ahead is told of, in three steps. */
  private static final long AHEAD_KEPT_MILLIS = 40_000;

  private final MeterRegistry registry;
  private final Tags lane;
  private final int most;
  private final Map<String, MachineMeters> machines = new ConcurrentHashMap<>();
  private final Map<String, TaskMeters> tasks = new ConcurrentHashMap<>();
  private final MachineMeters otherMachines;
  private final Map<Effect.Attempted.Kind, TaskMeters> otherTasks =
      new EnumMap<>(Effect.Attempted.Kind.class);
  private final Timer timerLateness;
  private final TimeWindowMax clockAhead;

  /**
   * @param most how many machines, versions and aliases of each, and resources have series of their
   *     own
   */
  public LaneMeters(MeterRegistry registry, Lane lane, int most) {
    this.registry = registry;
    this.lane = Tags.of("lane", name(lane));
    this.most = most;
    // At once, so that the names are there before anything has happened.
    this.otherMachines = new MachineMeters(this, OTHER);
    for (Effect.Attempted.Kind kind : Effect.Attempted.Kind.values()) {
      otherTasks.put(kind, new TaskMeters(this, kind, OTHER));
    }
    this.timerLateness =
        Timer.builder("stepstream.timer.lateness")
            .description("How late timers of executions have fired")
            .tags(this.lane)
            .serviceLevelObjectives(LATENESS)
            .register(registry);
    this.clockAhead = new TimeWindowMax(Clock.SYSTEM, AHEAD_KEPT_MILLIS, 3);
    TimeGauge.builder(
            "stepstream.clock.ahead", clockAhead, TimeUnit.MILLISECONDS, TimeWindowMax::poll)
        .description("By how much the clock of a sender of commands was ahead of this node's")
        .tags(this.lane)
        .register(registry);
  }

  /** As labels have it. */
  public static String name(Lane lane) {
    return lane.name().toLowerCase(Locale.ROOT);
  }

  /** What one partition counts. */
  public StepTally tally() {
    return new StepTally(this);
  }

  /** A timer of an execution has fired. */
  public void fired(long lateMillis) {
    timerLateness.record(Math.max(0, lateMillis), TimeUnit.MILLISECONDS);
  }

  /** A command came before it was sent, by the sender's clock and ours. */
  public void ahead(long millis) {
    clockAhead.record(millis);
  }

  MachineMeters machine(String arn) {
    MachineMeters known = machines.get(arn);
    if (known != null) {
      return known;
    }
    // Two threads at once may exceed the bound by one each.
    return machines.size() < most
        ? machines.computeIfAbsent(arn, name -> new MachineMeters(this, name))
        : otherMachines;
  }

  TaskMeters task(Effect.Attempted.Kind kind, String resource) {
    TaskMeters known = tasks.get(resource);
    if (known != null) {
      return known;
    }
    return tasks.size() < most
        ? tasks.computeIfAbsent(resource, name -> new TaskMeters(this, kind, name))
        : otherTasks.get(kind);
  }

  /** How many versions and aliases of a machine have series of their own. */
  int mostQualifiers() {
    return most;
  }

  Counter counter(String name, String description, Tags tags) {
    return Counter.builder(name).description(description).tags(lane.and(tags)).register(registry);
  }

  Timer timer(String name, String description, Tags tags) {
    return Timer.builder(name)
        .description(description)
        .tags(lane.and(tags))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
