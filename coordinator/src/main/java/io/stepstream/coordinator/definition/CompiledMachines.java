package io.stepstream.coordinator.definition;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.schemas.StateMachineRevision;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compiles revisions when they are wanted first and keeps them within a bound of bytes. */
final class CompiledMachines {

  private static final Logger LOG = LoggerFactory.getLogger(CompiledMachines.class);

  /**
   * A compiled machine is larger than its text: records, expression trees. Measured by order of
   * magnitude only; the bound is there against running out of memory, not to be exact.
   */
  private static final int BYTES_PER_DEFINITION_BYTE = 16;

  private static final int BYTES_AT_LEAST = 4096;

  private final DefinitionCompiler compiler;
  private final Cache<String, Attempt> attempts;

  /** Exactly one of the two is there. */
  private record Attempt(@Nullable CompiledMachine machine, @Nullable String problems) {}

  CompiledMachines(DefinitionCompiler compiler, long maximumBytes) {
    this.compiler = compiler;
    this.attempts =
        Caffeine.newBuilder()
            .maximumWeight(maximumBytes)
            .weigher((String _, Attempt attempt) -> weight(attempt))
            .build();
  }

  /**
   * Empty when the definition is not valid; that is remembered too, so the log tells it once.
   * Concurrent callers compile a revision once.
   */
  Optional<CompiledMachine> get(StateMachineRevision revision) {
    return Optional.ofNullable(attempt(revision).machine());
  }

  /** What is wrong with the definition; null when it is valid. */
  @Nullable String problems(StateMachineRevision revision) {
    return attempt(revision).problems();
  }

  /** A rejected record must not answer for a later one under the same key. */
  void forget(StateMachineRevision revision) {
    attempts.invalidate(DefinitionKeys.revision(revision));
  }

  private Attempt attempt(StateMachineRevision revision) {
    return attempts.get(DefinitionKeys.revision(revision), _ -> compile(revision));
  }

  private Attempt compile(StateMachineRevision revision) {
    ByteBuffer text = revision.getDefinition().duplicate();
    byte[] definition = new byte[text.remaining()];
    text.get(definition);
    return switch (compiler.compile(definition, revision.getLane())) {
      case Compilation.Compiled(StateMachine machine) ->
          new Attempt(CompiledMachine.of(revision, machine), null);
      case Compilation.Invalid(String problems) -> {
        LOG.error("{} can't be run: {}", DefinitionKeys.revision(revision), problems);
        yield new Attempt(null, problems);
      }
    };
  }

  private static int weight(Attempt attempt) {
    CompiledMachine machine = attempt.machine();
    int text = machine == null ? 0 : machine.revision().getDefinition().remaining();
    return Math.max(text * BYTES_PER_DEFINITION_BYTE, BYTES_AT_LEAST);
  }
}
