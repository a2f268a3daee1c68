package io.stepstream.loadtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** Calls StartSyncExecution of a machine with one task, over HTTP. */
final class SyncCalls implements AutoCloseable {

  /** Callers while it warms up: light load, but more than is measured. */
  private static final int WARM_UP_CALLERS = 4;

  /** A function of the application's own worker, the quickest there is. */
  private static final String DEFINITION =
      """
      {"StartAt": "Work", "States": {"Work": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:quote-price",
        "End": true}}}
      """;

  private final StepFunctionsClient client;
  private final ObjectNode request = StepFunctionsClient.request();
  private final AtomicReference<@Nullable BenchFailure> failure = new AtomicReference<>();

  private SyncCalls(StepFunctionsClient client, byte[] input) {
    this.client = client;
    this.request.put("input", new String(input, StandardCharsets.UTF_8));
  }

  /** Creates the machine. */
  static SyncCalls to(URI endpoint, byte[] input) {
    SyncCalls calls = new SyncCalls(new StepFunctionsClient(endpoint), input);
    JsonNode machine =
        calls.call(
            "CreateStateMachine",
            StepFunctionsClient.request()
                .put("name", "sync-http")
                .put("type", "EXPRESS")
                .put("roleArn", "arn:aws:iam::000000000000:role/bench")
                .put("definition", DEFINITION));
    calls.request.put("stateMachineArn", machine.path("stateMachineArn").asText());
    return calls;
  }

  /** Some callers, each of which calls again when it has its answer. */
  void warmUp(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < WARM_UP_CALLERS; i++) {
        callers.execute(
            () -> {
              do {
                start();
              } while (failure.get() == null && System.nanoTime() < until);
            });
      }
    }
    check();
  }

  /**
   * Open loop: calls are due at even distances, whatever has become of the earlier ones.
   *
   * @return from when a call was due to its answer, in microseconds
   */
  Histogram pace(int perSecond, Duration window) {
    Recorder latencies = new Recorder(3);
    long interval = 1_000_000_000L / perSecond;
    long count = window.toNanos() / interval;
    long first = System.nanoTime();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long i = 0; i < count; i++) {
        long due = first + i * interval;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        callers.execute(
            () -> {
              start();
              latencies.recordValue(Math.max(0, (System.nanoTime() - due) / 1_000));
            });
      }
    }
    check();
    return latencies.getIntervalHistogram();
  }

  private void start() {
    try {
      JsonNode answer = call("StartSyncExecution", request);
      if (!"SUCCEEDED".equals(answer.path("status").asText())) {
        throw new BenchFailure("StartSyncExecution answered " + answer);
      }
    } catch (BenchFailure e) {
      failure.compareAndSet(null, e);
    }
  }

  private JsonNode call(String action, ObjectNode body) {
    try {
      return client.call(action, body);
    } catch (ApiError e) {
      throw new BenchFailure(
          "%s was refused: %s %s".formatted(action, e.code(), e.getMessage()), e);
    } catch (IOException e) {
      throw new BenchFailure("%s failed: %s".formatted(action, e.getMessage()), e);
    }
  }

  private void check() {
    BenchFailure failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
