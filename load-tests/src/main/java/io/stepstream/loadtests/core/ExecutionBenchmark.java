package io.stepstream.loadtests.core;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.simulation.Outcome;
import io.stepstream.asl.simulation.SimulatedTasks;
import io.stepstream.asl.simulation.Simulation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Whole executions of the {@linkplain FiveStates five states} in the in-memory shell, with their
 * histories. Public and open, since JMH extends it.
 */
@State(Scope.Thread)
public class ExecutionBenchmark {

  /** Of the machine's expressions; set by JMH. */
  @Param({"JSON_PATH", "JSONATA"})
  public QueryLanguage language = QueryLanguage.JSON_PATH;

  private final Event.Started empty = Runs.start("{}");
  private final Event.Started order = Runs.start(Runs.ORDER);
  private Simulation fiveStates;

  /** Makes the machine, and sees that its executions succeed. */
  @Setup
  public void begin() {
    fiveStates =
        Simulation.of(Runs.machine(FiveStates.definition(language)), SimulatedTasks.NOBODY);
    for (Event.Started start : new Event.Started[] {empty, order}) {
      Outcome outcome = fiveStates.run(start);
      if (outcome.status() != Execution.Status.SUCCEEDED) {
        throw new IllegalStateException("the execution doesn't succeed: " + outcome);
      }
    }
  }

  /** With the input {@code {}}. */
  @Benchmark
  public Outcome fiveStates() {
    return fiveStates.run(empty);
  }

  /** With an input of 500 bytes, which every state passes on. */
  @Benchmark
  public Outcome fiveStatesWithOrder() {
    return fiveStates.run(order);
  }
}
