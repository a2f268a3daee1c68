package io.stepstream.coordinator.api.task;

import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.execution.Tasks;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

/** Ends a task with its output. The first answer to an attempt counts. */
final class SendTaskSuccess implements Action {

  /** AWS's quota, in bytes of UTF-8; the model bounds the number of characters. */
  private static final int MAXIMUM_BYTES = 262_144;

  private final Tasks tasks;
  private final TaskTokens tokens;

  SendTaskSuccess(Tasks tasks, TaskTokens tokens) {
    this.tasks = tasks;
    this.tokens = tokens;
  }

  @Override
  public String name() {
    return "SendTaskSuccess";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Token.of(call, tokens)
        .then(
            task ->
                output(call.required("output"))
                    .then(output -> tasks.succeed(task, output).thenApply(Token::answer)));
  }

  private static Checked<byte[]> output(String output) {
    // By the engine's own decoder: what it could not read must not get past here.
    if (Json.decode(output) instanceof Decoded.Malformed malformed) {
      return new Invalid<>(Refusals.invalidOutput(malformed.message()));
    }
    byte[] utf8 = output.getBytes(StandardCharsets.UTF_8);
    return utf8.length <= MAXIMUM_BYTES
        ? new Valid<>(utf8)
        : new Invalid<>(
            Refusals.invalidOutput(
                "The output has %d bytes in UTF-8; at most %d are allowed"
                    .formatted(utf8.length, MAXIMUM_BYTES)));
  }
}
