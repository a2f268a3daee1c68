package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.Compilation;
import io.stepstream.coordinator.definition.DefinitionCompiler;
import io.stepstream.schemas.Lane;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Lets a call go on when its definition is valid.
 *
 * @param executor compiles definitions, which takes too long for an I/O thread
 */
record DefinitionCheck(DefinitionCompiler compiler, Executor executor) {

  CompletionStage<Answer> check(
      byte[] definition, Lane lane, Supplier<CompletionStage<Answer>> next) {
    return CompletableFuture.supplyAsync(() -> compiler.compile(definition, lane), executor)
        .thenCompose(
            compilation ->
                switch (compilation) {
                  case Compilation.Invalid(String problems) ->
                      Refusals.invalidDefinition(problems).now();
                  case Compilation.Compiled _ -> next.get();
                });
  }
}
