package io.stepstream.coordinator.api.machine;

import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.parse.VariableReferences;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.definition.AslCompiler;
import io.stepstream.coordinator.definition.Compilation;
import io.stepstream.coordinator.definition.DefinitionCompiler;
import io.stepstream.schemas.StateMachineRevision;
import java.util.Map;
import java.util.Set;

/** The definition of a revision, and what AWS tells of it. */
final class DefinitionMembers {

  private static final DefinitionCompiler COMPILER = new AslCompiler();

  private DefinitionMembers() {}

  /** Compiles the definition, which takes too long for an I/O thread. */
  static void write(JsonMembers json, StateMachineRevision revision) {
    json.payload("definition", revision.getDefinition());
    byte[] text = new byte[revision.getDefinition().remaining()];
    revision.getDefinition().duplicate().get(text);
    if (COMPILER.compile(text, revision.getLane())
        instanceof Compilation.Compiled(StateMachine machine)) {
      Map<String, Set<String>> references = VariableReferences.of(machine);
      if (!references.isEmpty()) {
        json.object("variableReferences", of -> references.forEach(of::texts));
      }
    }
  }
}
