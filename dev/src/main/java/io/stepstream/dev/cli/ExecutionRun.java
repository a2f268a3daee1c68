package io.stepstream.dev.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.validate.MachineType;
import io.stepstream.dev.Refusal;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.progress.ExpressHistory;
import io.stepstream.dev.progress.HistoryPages;
import io.stepstream.dev.progress.HistoryStep;
import io.stepstream.dev.progress.ProgressView;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One execution against a server: creates the machine, starts, follows, tells how it ended. */
final class ExecutionRun {
  private static final Duration POLL = Duration.ofMillis(60);

  /** A server that restarts is back by then, and the execution has gone on. */
  private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(60);

  private static final Duration LONGEST_LAG = Duration.ofSeconds(1);

  private static final String ROLE = "arn:aws:iam::123456789012:role/stepstream";

  /**
   * @param name the execution's name; null: a random one
   * @param input JSON
   */
  record Request(
      DefinitionFile definition, MachineType type, @Nullable String name, String input) {}

  /** How an execution ended. */
  sealed interface Outcome {}

  /** With this output, JSON. */
  record Succeeded(String output) implements Outcome {}

  /** Badly: failed, timed out or aborted. */
  record Failed(@Nullable String error, @Nullable String cause) implements Outcome {

    /** One line of JSON. */
    String json() {
      return StepFunctionsClient.request().put("error", error).put("cause", cause).toString();
    }
  }

  private final StepFunctionsClient client;
  private final URI server;
  private final @Nullable String bootstrapServers;
  private final PrintWriter err;

  /**
   * @param bootstrapServers the server's broker, when it is ours to read; else null
   */
  ExecutionRun(
      StepFunctionsClient client, URI server, @Nullable String bootstrapServers, PrintWriter err) {
    this.client = client;
    this.server = server;
    this.bootstrapServers = bootstrapServers;
    this.err = err;
  }

  /**
   * Runs to the end.
   *
   * @throws Refusal if the server can't be reached or refuses the definition, the name or the input
   */
  Outcome run(Request request) throws Refusal {
    try {
      String machineArn = createMachine(request);
      String name = request.name() == null ? UUID.randomUUID().toString() : request.name();
      return switch (request.type()) {
        case STANDARD -> runStandard(request, machineArn, name);
        case EXPRESS -> runExpress(request, machineArn, name);
      };
    } catch (ApiError e) {
      throw new Refusal(
          "The server refused: " + e.code() + ": " + withoutFullStop(e.getMessage()),
          "Mend what it names and run again",
          e);
    } catch (IOException e) {
      throw new Refusal(
          "No Step Functions API answers at " + server + " (" + reason(e) + ")",
          "Start a server with ./stepstream dev, or check --endpoint",
          e);
    }
  }

  private String createMachine(Request request) throws ApiError, IOException {
    ObjectNode create =
        StepFunctionsClient.request()
            .put("name", machineName(request))
            .put("definition", request.definition().json())
            .put("roleArn", ROLE)
            .put("type", request.type().name());
    return client.call("CreateStateMachine", create).path("stateMachineArn").asText();
  }

  /**
   * The digest lets changed definitions live beside each other, and makes the creation idempotent.
   */
  private static String machineName(Request request) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(request.type().name().getBytes(StandardCharsets.UTF_8));
      digest.update(request.definition().json().getBytes(StandardCharsets.UTF_8));
      return request.definition().machineName()
          + "-"
          + HexFormat.of().formatHex(digest.digest(), 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private Outcome runStandard(Request request, String machineArn, String name)
      throws ApiError, IOException {
    JsonNode started = client.call("StartExecution", start(request, machineArn, name));
    String executionArn = started.path("executionArn").asText();
    ProgressView view = view(request);
    HistoryPages history = new HistoryPages(client, executionArn);
    Instant lastAnswer = Instant.now();
    while (true) {
      try {
        boolean ended = false;
        for (HistoryStep step : history.next()) {
          view.show(step);
          ended |= step.endsExecution();
        }
        Outcome outcome = ended ? outcomeOf(executionArn) : null;
        if (outcome != null) {
          return outcome;
        }
        lastAnswer = Instant.now();
      } catch (IOException e) {
        if (lastAnswer.plus(LONGEST_OUTAGE).isBefore(Instant.now())) {
          throw e;
        }
      }
      view.tick();
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** Null while the execution runs. */
  private @Nullable Outcome outcomeOf(String executionArn) throws ApiError, IOException {
    JsonNode description =
        client.call(
            "DescribeExecution", StepFunctionsClient.request().put("executionArn", executionArn));
    return description.path("status").asText().equals("RUNNING") ? null : outcome(description);
  }

  private Outcome runExpress(Request request, String machineArn, String name)
      throws ApiError, IOException {
    ObjectNode start = start(request, machineArn, name);
    ProgressView view = view(request);
    return outcome(
        bootstrapServers == null
            ? callAndTell(start, view)
            : callAndFollow(start, view, bootstrapServers, name));
  }

  /**
   * Of a server elsewhere the API alone is in reach, and it has no history of Express executions.
   */
  private JsonNode callAndTell(ObjectNode start, ProgressView view) throws ApiError, IOException {
    view.show(HistoryStep.ofExecution(1, Instant.now(), "ExecutionStarted"));
    JsonNode answer = client.call("StartSyncExecution", start);
    String end =
        switch (answer.path("status").asText()) {
          case "SUCCEEDED" -> "ExecutionSucceeded";
          case "TIMED_OUT" -> "ExecutionTimedOut";
          default -> "ExecutionFailed";
        };
    view.show(HistoryStep.ofExecution(2, Instant.now(), end));
    return answer;
  }

  private JsonNode callAndFollow(
      ObjectNode start, ProgressView view, String brokers, String executionName)
      throws ApiError, IOException {
    try (ExpressHistory history = new ExpressHistory(brokers, executionName)) {
      FutureTask<JsonNode> call = new FutureTask<>(() -> client.call("StartSyncExecution", start));
      Thread.startVirtualThread(call);
      Instant answered = null;
      boolean ended = false;
      // The answer may overtake the last events on their way through the topic.
      while (!ended && (answered == null || answered.plus(LONGEST_LAG).isAfter(Instant.now()))) {
        for (HistoryStep step : history.next(POLL)) {
          view.show(step);
          ended |= step.endsExecution();
        }
        view.tick();
        if (answered == null && call.isDone()) {
          answered = Instant.now();
        }
      }
      return result(call);
    }
  }

  private static JsonNode result(FutureTask<JsonNode> call) throws ApiError, IOException {
    try {
      return call.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException().initCause(e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ApiError refused -> throw refused;
        case IOException unreachable -> throw unreachable;
        case Throwable bug -> throw new IllegalStateException(bug);
      }
    }
  }

  private static ObjectNode start(Request request, String machineArn, String name) {
    return StepFunctionsClient.request()
        .put("stateMachineArn", machineArn)
        .put("name", name)
        .put("input", request.input());
  }

  private ProgressView view(Request request) {
    return ProgressView.to(
        err,
        System.getProperty("stepstream.terminal", ""),
        request.definition().machineName(),
        Instant.now());
  }

  private static Outcome outcome(JsonNode description) {
    String status = description.path("status").asText();
    if (status.equals("SUCCEEDED")) {
      return new Succeeded(description.path("output").asText());
    }
    JsonNode error = description.path("error");
    JsonNode cause = description.path("cause");
    String fallback = status.equals("TIMED_OUT") ? "States.Timeout" : null;
    return new Failed(
        error.isTextual() ? error.asText() : fallback, cause.isTextual() ? cause.asText() : null);
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static String withoutFullStop(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
