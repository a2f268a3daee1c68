package io.stepstream.coordinator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Lane;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whole lanes by chance: crashes between any two effects, zombies, clocks that differ, workers that
 * die, answer twice, late or never. A failure prints its seed; {@code -Dstepstream.seed=…} begins
 * there.
 */
class SimulationTest {

  private static final Logger LOG = LoggerFactory.getLogger(SimulationTest.class);

  private static final long FIRST_SEED = Long.getLong("stepstream.seed", 1);
  private static final int EXECUTIONS_PER_RUN = 10;

  @Test
  void shouldKeepThePromisesOfStandardExecutions() {
    Map<String, LongAdder> seen = run(Lane.STANDARD, 250);
    // The generator must go on reaching every corner, or the simulation says little.
    assertThat(seen)
        .containsKeys(
            "ExecutionSucceeded",
            "ExecutionFailed",
            "ExecutionAborted",
            "ExecutionTimedOut",
            "ExecutionRedriven",
            "PassStateExited",
            "ChoiceStateExited",
            "WaitStateExited",
            "WaitStateAborted",
            "SucceedStateExited",
            "FailStateEntered",
            "LambdaFunctionTimedOut",
            "TaskSubmitted",
            "TaskStateAborted",
            "ParallelStateSucceeded",
            "ParallelStateFailed",
            "MapIterationAborted",
            "MapStateSucceeded",
            "MapStateFailed",
            "MapRunSucceeded");
  }

  @Test
  void shouldKeepThePromisesOfExpressExecutions() {
    run(Lane.EXPRESS, 150);
  }

  /** Seeds that have found something, each with what it was. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        34,
        40,
        52 // a history went back in time when its partition moved to a node behind
      })
  void shouldNotBreakAgainWhatBrokeBefore(long seed) {
    new SimulatedWorld(seed, Lane.STANDARD, Defects.NONE).run(EXECUTIONS_PER_RUN);
  }

  @Test
  @Tag("slow")
  void shouldKeepThePromisesOfAMillionExecutions() {
    run(Lane.STANDARD, 28_000);
    run(Lane.EXPRESS, 20_000);
  }

  private static Map<String, LongAdder> run(Lane lane, int runs) {
    long began = System.nanoTime();
    LongAdder executions = new LongAdder();
    LongAdder steps = new LongAdder();
    LongAdder kills = new LongAdder();
    LongAdder fenced = new LongAdder();
    Map<String, LongAdder> seen = new ConcurrentSkipListMap<>();
    LongStream.range(FIRST_SEED, FIRST_SEED + runs)
        .parallel()
        .forEach(
            seed -> {
              SimulatedWorld world = new SimulatedWorld(seed, lane, Defects.NONE);
              try {
                executions.add(world.run(EXECUTIONS_PER_RUN));
              } catch (RuntimeException | Error failure) {
                throw new AssertionError(
                    "%s, seed %d: %s".formatted(lane, seed, world.described()), failure);
              }
              steps.add(world.steps());
              kills.add(world.kills());
              fenced.add(world.fenced());
              world
                  .seen()
                  .forEach(
                      (type, count) -> seen.computeIfAbsent(type, _ -> new LongAdder()).add(count));
            });
    double seconds = (System.nanoTime() - began) / 1e9;
    LOG.info(
        "{}, seeds from {}: {} executions in {} s, {} per second; {} steps, {} kills, {} times"
            + " fenced",
        lane,
        FIRST_SEED,
        executions,
        Math.round(seconds),
        Math.round(executions.sum() / seconds),
        steps,
        kills,
        fenced);
    assertThat(kills.sum()).isPositive();
    assertThat(fenced.sum()).as("zombies").isPositive();
    return seen;
  }
}
