package io.stepstream.asl.simulation;

import java.util.List;

/** The world outside of a simulated execution: what becomes of each attempt of its tasks. */
@FunctionalInterface
public interface SimulatedTasks {

  /** Nobody ever answers. */
  SimulatedTasks NOBODY = _ -> List.of();

  /**
   * Called once per attempt, at the moment when it is handed over.
   *
   * @return what will be reported of it, each at its own delay from now; an empty list leaves the
   *     attempt open until it times out, if ever
   */
  List<TaskReport> attempt(TaskAttempt attempt);
}
