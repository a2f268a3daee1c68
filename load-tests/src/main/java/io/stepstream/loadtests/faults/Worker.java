package io.stepstream.loadtests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A worker's own process. What its functions come to follows from their input and the number of the
 * attempt alone, so it doesn't matter which worker runs them, nor how often.
 */
final class Worker {

  static final String QUEUE = "chaos";

  /** Squares {@code n}, after failing {@code fails} times and taking {@code millis} each time. */
  static final String SQUARE = "chaos-square";

  /** Always fails. */
  static final String REFUSE = "chaos-refuse";

  /** Squares {@code n} by the token that is given to it. */
  static final String CALL_BACK = "chaos-call-back";

  /** Doesn't end by itself. */
  static final String HANG = "chaos-hang";

  /** How the flaky failure is called. */
  static final String FLAKY = "Chaos.Flaky";

  /** How the final failure is called. */
  static final String REFUSED = "Chaos.Refused";

  private static final Duration HANGS_FOR = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Ledger ledger;
  private final Api api;
  private final List<URI> endpoints;

  private Worker(Ledger ledger, Api api, List<URI> endpoints) {
    this.ledger = ledger;
    this.api = api;
    this.endpoints = endpoints;
  }

  /** Brokers, file of the ledger, file that is written when it is ready, endpoints of the API. */
  static void main(String... args) throws Exception {
    Tether.tie();
    Quiet.warningsOnly();
    try (Ledger ledger = Ledger.open(Path.of(args[1]));
        Api api = new Api()) {
      Worker worker = new Worker(ledger, api, Stream.of(args).skip(3).map(URI::create).toList());
      StepstreamWorker running =
          StepstreamWorker.builder()
              .bootstrapServers(args[0])
              .queues(QUEUE)
              .permits(64)
              .handler(SQUARE, worker::square)
              .handler(REFUSE, worker::refuse)
              .handler(CALL_BACK, worker::callBack)
              .handler(HANG, worker::hang)
              .build();
      Thread.ofVirtual().start(() -> tellWhenReady(running, Path.of(args[2])));
      running.run();
    }
  }

  private static void tellWhenReady(StepstreamWorker running, Path file) {
    try {
      while (!running.isReady()) {
        Thread.sleep(PAUSE);
      }
      Files.writeString(file, String.valueOf(ProcessHandle.current().pid()));
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file, e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private JsonNode square(JsonNode input, TaskContext context) throws InterruptedException {
    ledger.begun(context.idempotencyKey());
    Thread.sleep(input.path("millis").asLong());
    if (context.retryCount() < input.path("fails").asInt()) {
      throw new TaskFailedException(FLAKY, "attempt " + context.retryCount());
    }
    return squared(input);
  }

  /** What squaring comes to. */
  static ObjectNode squared(JsonNode input) {
    long n = input.path("n").asLong();
    return JsonNodeFactory.instance.objectNode().put("n", n).put("square", n * n);
  }

  private JsonNode refuse(JsonNode input, TaskContext context) {
    ledger.begun(context.idempotencyKey());
    throw new TaskFailedException(REFUSED, "n is " + input.path("n").asLong());
  }

  private JsonNode hang(JsonNode input, TaskContext context) throws InterruptedException {
    ledger.begun(context.idempotencyKey());
    Thread.sleep(HANGS_FOR);
    return input;
  }

  /**
   * Tells the result before it returns: if it dies in between, the order comes again. Until some
   * node has taken it, or says that nobody waits any more.
   */
  private JsonNode callBack(JsonNode input, TaskContext context) throws InterruptedException {
    ledger.begun(context.idempotencyKey());
    ObjectNode success =
        JsonNodeFactory.instance
            .objectNode()
            .put("taskToken", input.path("token").asText())
            .put("output", squared(input).toString());
    for (int i = 0; !isSettled(endpoints.get(i % endpoints.size()), success); i++) {
      Thread.sleep(PAUSE);
    }
    return input;
  }

  private boolean isSettled(URI endpoint, ObjectNode success) throws InterruptedException {
    return switch (api.call(endpoint, "SendTaskSuccess", success)) {
      case Api.Answer.Ok _ -> true;
      case Api.Answer.Refused refused -> !refused.isNotNow();
      case Api.Answer.Unknown _ -> false;
    };
  }
}
