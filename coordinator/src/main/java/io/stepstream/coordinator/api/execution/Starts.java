package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.Names;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.Startable;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.coordinator.execution.StartRequest;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What starting an execution and starting one synchronously have in common: the checks. */
final class Starts {

  private final StateMachines machines;

  Starts(StateMachines machines) {
    this.machines = machines;
  }

  /** Checks the call in AWS's order and goes on with the start that it asks for. */
  CompletionStage<Answer> check(Call call, Function<StartRequest, CompletionStage<Answer>> next) {
    String given = call.required("stateMachineArn");
    if (Arns.isLabelled(given)) {
      return Refusals.validation(
              "The ARN of a Map state's label can't be started: " + given,
              "API_DOES_NOT_SUPPORT_LABELED_ARNS")
          .now();
    }
    String name = call.text("name");
    Checked<String> checkedName = name == null ? new Valid<>("") : Names.check(name);
    return Arns.stateMachine(given)
        .then(
            arn ->
                checkedName.then(
                    _ ->
                        ExecutionInput.check(call.text("input"))
                            .then(input -> start(arn, name, input, traceHeader(call), next))));
  }

  private CompletionStage<Answer> start(
      String arn,
      @Nullable String name,
      byte[] input,
      @Nullable String traceHeader,
      Function<StartRequest, CompletionStage<Answer>> next) {
    return machines
        .startable(arn)
        .thenCompose(
            found ->
                found
                    .map(
                        startable ->
                            switch (startable) {
                              case Startable.Revision revision ->
                                  next.apply(
                                      new StartRequest(
                                          revision.revision(),
                                          revision.offset(),
                                          revision.startedBy(),
                                          name,
                                          input,
                                          traceHeader,
                                          null));
                              case Startable.Deleting() -> Refusals.stateMachineDeleting(arn).now();
                            })
                    .orElseGet(() -> Refusals.stateMachineDoesNotExist(arn).now()));
  }

  /** AWS: the header wins over the parameter. */
  private static @Nullable String traceHeader(Call call) {
    return call.traceHeader() != null ? call.traceHeader() : call.text("traceHeader");
  }
}
