package io.stepstream.coordinator.api.rest;

import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.simulation.Outcome;
import io.stepstream.asl.simulation.Simulation;
import io.stepstream.asl.simulation.TaskAttempt;
import io.stepstream.asl.simulation.TaskReport;
import io.stepstream.asl.validate.MachineType;
import io.stepstream.coordinator.execution.Unavailable;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs executions in memory, with mocks for tasks and a clock that jumps. No Kafka is involved, and
 * nothing of a run is kept.
 *
 * <p>A definition may loop, and anybody may ask: each run is bounded in events, in what it records
 * and in real time, and so is the number of runs. Another run than those is refused rather than
 * queued, since its caller looks at a page and can press the button again.
 */
@Singleton
final class Simulations {

  /** They compute all the time, on threads of their own: virtual ones would starve the API. */
  static final int AT_ONCE = 2;

  static final int MOST_STEPS = 10_000;

  /** Of payloads in the histories; an answer escapes them and is some times as large. */
  static final long MOST_RECORDED_BYTES = 4L << 20;

  static final Duration LONGEST = Duration.ofSeconds(5);

  /** Small steps, since bounds are looked at between two of them. */
  private static final Limits LIMITS =
      new Limits(10, 10_000, Limits.DEFAULT.payloadBytes(), Limits.DEFAULT.mapConcurrency());

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final String PREFIX = "arn:aws:states:us-east-1:000000000000:";

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          AT_ONCE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("stepstream-simulation-", 0).factory());

  private final Clock clock;
  private final LongSupplier nanoTime;

  @Inject
  Simulations() {
    this(Clock.systemUTC(), System::nanoTime);
  }

  /**
   * @param clock where simulated time begins
   * @param nanoTime bounds real time, as {@link System#nanoTime} tells it
   */
  Simulations(Clock clock, LongSupplier nanoTime) {
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  @PreDestroy
  void close() {
    threads.shutdownNow();
  }

  /**
   * Fails with {@link Parameters.Unusable} when the request is none, and with {@link Unavailable}
   * when as many run already as may.
   *
   * @param body of a request, see {@link SimulationRequest}
   */
  CompletionStage<SimulationAnswer> run(byte[] body) {
    try {
      // A definition takes its time to be read, so that is done over there, too.
      return CompletableFuture.supplyAsync(() -> new Run(parsed(body)).toEnd(), threads);
    } catch (RejectedExecutionException _) {
      return CompletableFuture.failedFuture(
          new Unavailable(
              "%d simulations are running on this node already".formatted(AT_ONCE), RETRY_AFTER));
    }
  }

  private static SimulationRequest parsed(byte[] body) {
    try {
      return SimulationRequest.parse(body);
    } catch (Parameters.Unusable e) {
      throw new CompletionException(e);
    }
  }

  /** One run, on one thread. */
  private final class Run {

    private final SimulationRequest request;
    private final Map<String, Integer> calls = new HashMap<>();
    // Simulated time has milliseconds; a finer start would make each duration a little short.
    private final Instant start = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    private final long startNanos = nanoTime.getAsLong();
    private @Nullable TaskAttempt unmocked;

    Run(SimulationRequest request) {
      this.request = request;
    }

    SimulationAnswer toEnd() {
      boolean express = request.type() == MachineType.EXPRESS;
      Outcome outcome =
          Simulation.of(request.machine(), this::answer)
              .withLimits(LIMITS)
              .withMaxSteps(MOST_STEPS)
              .withWatch(this::endsBecause)
              .run(
                  new Event.Started(
                      PREFIX + (express ? "express:simulated:run:1" : "execution:simulated:run"),
                      "run",
                      PREFIX + "stateMachine:simulated",
                      "arn:aws:iam::000000000000:role/simulated",
                      express,
                      start.toEpochMilli(),
                      request.input(),
                      null));
      List<String> unused =
          request.mocks().keySet().stream().filter(state -> !calls.containsKey(state)).toList();
      return SimulationAnswer.of(outcome, start, unmocked, unused);
    }

    private List<TaskReport> answer(TaskAttempt attempt) {
      List<TaskReport> answers = request.mocks().get(attempt.state());
      if (answers == null) {
        if (unmocked == null) {
          unmocked = attempt;
        }
        return List.of();
      }
      int call = calls.merge(attempt.state(), 1, Integer::sum) - 1;
      return List.of(answers.get(Math.min(call, answers.size() - 1)));
    }

    private @Nullable String endsBecause(long recordedBytes) {
      if (unmocked != null) {
        return "a mock for the task of state '%s'".formatted(unmocked.state());
      }
      if (recordedBytes > MOST_RECORDED_BYTES) {
        return "more than the allowed %d bytes of recorded payloads".formatted(MOST_RECORDED_BYTES);
      }
      if (nanoTime.getAsLong() - startNanos > LONGEST.toNanos()) {
        return "more than the allowed %d seconds of real time".formatted(LONGEST.toSeconds());
      }
      return null;
    }
  }
}
