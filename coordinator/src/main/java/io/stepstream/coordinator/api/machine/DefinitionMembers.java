package io.stepstream.coordinator.api.machine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.engine.ChildDefinition;
import io.stepstream.asl.parse.VariableReferences;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.definition.AslCompiler;
import io.stepstream.coordinator.definition.Compilation;
import io.stepstream.coordinator.definition.DefinitionCompiler;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.codec.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** The definition of a revision, and what AWS tells of it. */
final class DefinitionMembers {

  private static final DefinitionCompiler COMPILER = new AslCompiler();
  private static final JsonFactory JSON = new JsonFactory();

  private DefinitionMembers() {}

  /** Compiles the definition, which takes too long for an I/O thread. */
  static void write(JsonMembers json, StateMachineRevision revision) {
    json.payload("definition", revision.getDefinition());
    byte[] text = Payloads.bytes(revision.getDefinition());
    if (COMPILER.compile(text, revision.getLane())
        instanceof Compilation.Compiled(StateMachine machine)) {
      references(json, machine);
    }
  }

  /**
   * What the child executions of a Map run have: the processor of the Map state, as it stands in
   * the definition.
   *
   * @param childMachineArn of the children, with the Map state's label
   */
  static void writeProcessor(
      JsonMembers json, StateMachineRevision revision, String childMachineArn) {
    byte[] text = Payloads.bytes(revision.getDefinition());
    if (COMPILER.compile(text, revision.getLane())
        instanceof Compilation.Compiled(StateMachine machine)) {
      Flow processor =
          ChildDefinition.of(machine, childMachineArn)
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          childMachineArn
                              + " is of no Map state in revision "
                              + revision.getRevisionId()));
      json.payload("definition", cut(text, processor.pointer()));
      references(json, new StateMachine(null, machine.queryLanguage(), null, processor));
    }
  }

  private static void references(JsonMembers json, StateMachine machine) {
    Map<String, Set<String>> references = VariableReferences.of(machine);
    if (!references.isEmpty()) {
      json.object("variableReferences", of -> references.forEach(of::texts));
    }
  }

  /** The object at a place, byte for byte: read and written again, its numbers might change. */
  private static byte[] cut(byte[] json, String pointer) {
    JsonPointer wanted = JsonPointer.valueOf(pointer);
    try (JsonParser parser = JSON.createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.START_OBJECT
            && parser.getParsingContext().pathAsPointer().equals(wanted)) {
          int from = (int) parser.currentTokenLocation().getByteOffset();
          parser.skipChildren();
          return Arrays.copyOfRange(json, from, (int) parser.currentLocation().getByteOffset());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a definition that was compiled is not JSON", e);
    }
    throw new IllegalStateException("a definition has nothing at " + pointer);
  }
}
