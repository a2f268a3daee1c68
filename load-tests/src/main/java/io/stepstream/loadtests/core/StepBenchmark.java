package io.stepstream.loadtests.core;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.engine.Decision;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Engine;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.simulation.InMemoryRows;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One {@code Engine.step}. All but the task's result begin an execution, so each contains what
 * {@link #succeed} costs: the start, the decoding of its input, the end. Public and open, since JMH
 * extends it.
 */
@State(Scope.Thread)
public class StepBenchmark {

  /** Of the machine's expressions; set by JMH. */
  @Param({"JSON_PATH", "JSONATA"})
  public QueryLanguage language = QueryLanguage.JSON_PATH;

  private Situation succeed;
  private Situation pass;
  private Situation choice;
  private Situation taskStart;
  private Situation taskResult;

  /** A machine, rows and an event; a step changes none of them. */
  private record Situation(Machine machine, InMemoryRows rows, Event event) {

    static Situation start(OneState state, QueryLanguage language) {
      Machine machine = Runs.machine(state.definition(language));
      return new Situation(machine, new InMemoryRows(), Runs.start(Runs.ORDER));
    }

    Decision step() {
      return Engine.step(machine, rows, event, Runs.CONTEXT);
    }

    Situation thatEnds() {
      boolean succeeds =
          step().effects().getLast() instanceof Effect.Close close
              && close.execution().status() == Execution.Status.SUCCEEDED;
      if (!succeeds) {
        throw new IllegalStateException("the execution doesn't succeed: " + step());
      }
      return this;
    }

    /** The task of the execution that this step begins has succeeded. */
    Situation thenTaskSucceeds(String output) {
      Decision started = step();
      InMemoryRows begun = new InMemoryRows();
      started.effects().forEach(begun::apply);
      for (Effect effect : started.effects()) {
        if (effect instanceof Effect.Dispatch task) {
          byte[] json = output.getBytes(StandardCharsets.UTF_8);
          Event result = new Event.TaskSucceeded(task.frameId(), task.epoch(), json);
          return new Situation(machine, begun, result);
        }
      }
      throw new IllegalStateException("no task was handed over: " + started);
    }
  }

  /** Makes what the benchmarks step through, and sees that it does what they are named after. */
  @Setup
  public void begin() {
    succeed = Situation.start(OneState.SUCCEED, language).thatEnds();
    pass = Situation.start(OneState.PASS, language).thatEnds();
    choice = Situation.start(OneState.CHOICE, language).thatEnds();
    taskStart = Situation.start(OneState.TASK, language);
    taskResult =
        taskStart
            .thenTaskSucceeds(
                """
                {"reservationId":"RES-0417","reserved":[1,1,1],"warehouse":"LHR-2","complete":true}\
                """)
            .thatEnds();
  }

  /** Start, a Succeed state, end. */
  @Benchmark
  public Decision succeed() {
    return succeed.step();
  }

  /** Start, a Pass state that makes an object of two fields and adds it to its input, end. */
  @Benchmark
  public Decision pass() {
    return pass.step();
  }

  /** Start, a Choice state whose second rule holds, a Succeed state, end. */
  @Benchmark
  public Decision choice() {
    return choice.step();
  }

  /** Start, a Task state that hands two fields of its input over and waits. */
  @Benchmark
  public Decision taskStart() {
    return taskStart.step();
  }

  /** The result of that task, which is added to the state's input; end. */
  @Benchmark
  public Decision taskResult() {
    return taskResult.step();
  }
}
