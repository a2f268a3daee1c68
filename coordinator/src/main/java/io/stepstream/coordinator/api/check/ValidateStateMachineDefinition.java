package io.stepstream.coordinator.api.check;

import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.DefinitionProblem;
import io.stepstream.asl.source.DefinitionProblem.Severity;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Tells what is wrong, or doubtful, with a definition. */
final class ValidateStateMachineDefinition implements Action {

  /** AWS's default, and the meaning of 0. */
  private static final int MOST_RESULTS = 100;

  private final Executor executor;

  ValidateStateMachineDefinition(Executor executor) {
    this.executor = executor;
  }

  @Override
  public String name() {
    return "ValidateStateMachineDefinition";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return CompletableFuture.supplyAsync(() -> validate(call), executor);
  }

  private static Answer validate(Call call) {
    MachineType type =
        "EXPRESS".equals(call.text("type")) ? MachineType.EXPRESS : MachineType.STANDARD;
    DefinitionResult result = DefinitionReader.read(call.required("definition"), Format.JSON, type);
    boolean warnings = "WARNING".equals(call.text("severity"));
    List<DefinitionProblem> wanted =
        result.problems().stream()
            .filter(problem -> warnings || problem.severity() == Severity.ERROR)
            .toList();
    int asked = call.number("maxResults", 0);
    int most = asked == 0 ? MOST_RESULTS : asked;
    List<DefinitionProblem> shown = wanted.subList(0, Math.min(most, wanted.size()));
    return Answer.success(
        json ->
            json.text("result", result instanceof DefinitionResult.Parsed ? "OK" : "FAIL")
                .objects(
                    "diagnostics",
                    shown,
                    problem ->
                        json.text("severity", problem.severity().name())
                            .text("code", problem.code())
                            .text("message", problem.message())
                            .text("location", problem.location()))
                .flag("truncated", shown.size() < wanted.size()));
  }
}
