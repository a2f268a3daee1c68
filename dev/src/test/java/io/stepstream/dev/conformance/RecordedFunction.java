package io.stepstream.dev.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.simulation.TaskAttempt;
import io.stepstream.asl.simulation.TaskReport;
import io.stepstream.testkit.conformance.RecordedCase;
import io.stepstream.testkit.conformance.RecordedWorld;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Functions of one name, one for each case that has it. Which is called, the state machine tells.
 */
final class RecordedFunction implements TaskHandler {

  /** Up to here a time is there for the simulated clock only. */
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  private final String name;
  private final Map<String, RecordedWorld> worlds;

  /**
   * @param worlds by the name of the state machine
   */
  RecordedFunction(String name, Map<String, RecordedWorld> worlds) {
    this.name = name;
    this.worlds = worlds;
  }

  @Override
  public List<String> serves() {
    return List.of(name);
  }

  @Override
  public JsonNode handle(JsonNode input, TaskContext context) {
    throw new UnsupportedOperationException("the text must stay as it is");
  }

  @Override
  public byte[] handleBytes(byte[] input, TaskContext context) throws InterruptedException {
    String arn = context.stateMachineArn();
    RecordedWorld world = worlds.get(arn.substring(arn.lastIndexOf(':') + 1));
    if (world == null) {
      throw new IllegalStateException("no case has the machine " + arn);
    }
    boolean invoked = context.resource().contains(":states:::");
    TaskReport report;
    synchronized (world) { // it counts calls, and the branches of a Parallel state call at once
      report = world.attempt(attempt(input, context, invoked)).getLast();
    }
    if (report.after().compareTo(AT_ONCE) > 0) {
      // A function that takes its time: the worker interrupts it when nobody waits any more.
      boolean _ = new CountDownLatch(1).await(report.after().toMillis(), TimeUnit.MILLISECONDS);
    }
    return switch (report) {
      case TaskReport.Succeeded(_, byte[] output) -> invoked ? payload(output) : output;
      case TaskReport.Failed(_, String error, String cause) ->
          throw new TaskFailedException(String.valueOf(error), cause);
      case TaskReport.Started _, TaskReport.Submitted _, TaskReport.Heartbeat _ ->
          throw new IllegalStateException("a function only ends: " + report);
    };
  }

  /** The worker has unpacked the event, and packs the answer: the recordings do that themselves. */
  private TaskAttempt attempt(byte[] input, TaskContext context, boolean invoked) {
    byte[] arguments =
        invoked
            ? Json.encodeUtf8(
                Map.of("FunctionName", name, "Payload", new String(input, StandardCharsets.UTF_8)))
            : input;
    return new TaskAttempt(
        context.stateName(),
        context.resource(),
        name,
        context.retryCount(),
        arguments,
        Instant.now());
  }

  private static byte[] payload(byte[] response) {
    Object payload = ((Map<?, ?>) RecordedCase.tree(response)).get("Payload");
    return Json.encodeUtf8(payload == null ? Json.NULL : payload);
  }
}
