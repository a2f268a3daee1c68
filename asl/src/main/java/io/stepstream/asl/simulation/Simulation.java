package io.stepstream.asl.simulation;

import io.stepstream.asl.engine.Activities;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.items.ObjectStore;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs executions of a machine to their ends in memory. The clock jumps from one happening to the
 * next: reports of tasks and timers come in the order of their moments, a report before a timer of
 * the same moment.
 *
 * @param tasks the world that answers the tasks
 * @param objects what distributed Maps read from and write to
 * @param activities which there are
 * @param longest how much simulated time one execution may take; then it is left as it is
 * @param maxSteps how many events one execution may take in, with its child executions; then it is
 *     left as it is
 * @param watch may end an execution for reasons of its own
 */
public record Simulation(
    Machine machine,
    SimulatedTasks tasks,
    ObjectStore objects,
    Activities activities,
    Limits limits,
    String region,
    Duration longest,
    int maxSteps,
    Watch watch) {

  /** Looks on. It is how a caller bounds the real time and the memory that a simulation takes. */
  @FunctionalInterface
  public interface Watch {

    /** Lets everything go on. */
    Watch NOBODY = _ -> null;

    /**
     * Asked before each event.
     *
     * @param recordedBytes about as many bytes as all payloads in the histories so far
     * @return why the execution is left as it is, for {@link Outcome#waitsFor}; null: it goes on
     */
    @Nullable String endsBecause(long recordedBytes);
  }

  /** Something from outside, some time after the start. */
  public record Happening(Duration after, Event event) {}

  /**
   * With AWS's limits, region us-east-1, every activity, no buckets, at most two simulated years
   * and a million events.
   */
  public static Simulation of(Machine machine, SimulatedTasks tasks) {
    return new Simulation(
        machine,
        tasks,
        new SimulatedObjects(),
        _ -> true,
        Limits.DEFAULT,
        "us-east-1",
        Duration.ofDays(731),
        1_000_000,
        Watch.NOBODY);
  }

  public Simulation withLongest(Duration duration) {
    return new Simulation(
        machine, tasks, objects, activities, limits, region, duration, maxSteps, watch);
  }

  public Simulation withObjects(ObjectStore store) {
    return new Simulation(
        machine, tasks, store, activities, limits, region, longest, maxSteps, watch);
  }

  public Simulation withActivities(Activities those) {
    return new Simulation(machine, tasks, objects, those, limits, region, longest, maxSteps, watch);
  }

  public Simulation withLimits(Limits bounds) {
    return new Simulation(
        machine, tasks, objects, activities, bounds, region, longest, maxSteps, watch);
  }

  public Simulation withMaxSteps(int most) {
    return new Simulation(
        machine, tasks, objects, activities, limits, region, longest, most, watch);
  }

  public Simulation withWatch(Watch who) {
    return new Simulation(
        machine, tasks, objects, activities, limits, region, longest, maxSteps, who);
  }

  /** Runs one execution; the clock begins at its start date. */
  public Outcome run(Event.Started start) {
    return run(start, List.of());
  }

  /** Runs one execution to which something happens on the way, for example that it is stopped. */
  public Outcome run(Event.Started start, List<Happening> happenings) {
    return new SimulatedRun(this, start, happenings).toEnd();
  }
}
