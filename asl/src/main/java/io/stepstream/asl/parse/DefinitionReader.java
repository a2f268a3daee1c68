package io.stepstream.asl.parse;

import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import io.stepstream.asl.source.SourceReader;
import io.stepstream.asl.validate.MachineRules;
import io.stepstream.asl.validate.MachineType;
import io.stepstream.asl.validate.Wording;
import java.nio.charset.StandardCharsets;

/** Reads, validates and compiles definitions. */
public final class DefinitionReader {

  private DefinitionReader() {}

  /**
   * @param utf8 at most 1,048,576 bytes
   * @param type what the machine is to be run as: Express machines may do less
   */
  public static DefinitionResult read(byte[] utf8, Format format, MachineType type) {
    Problems problems = new Problems();
    Node root = SourceReader.read(utf8, format, problems);
    StateMachine machine = null;
    if (root instanceof Node.Struct definition) {
      machine = new MachineParser(problems).parse(definition);
      MachineRules.check(definition, type, problems);
    } else if (root != null) {
      problems.schema(root, Wording.expected("Object"));
    }
    if (problems.hasErrors()) {
      return new DefinitionResult.Rejected(problems.all());
    }
    if (machine == null) {
      throw new IllegalStateException("a part of the definition is missing without an error");
    }
    return new DefinitionResult.Parsed(machine, problems.all());
  }

  /** As {@link #read(byte[], Format, MachineType)}. */
  public static DefinitionResult read(String text, Format format, MachineType type) {
    return read(text.getBytes(StandardCharsets.UTF_8), format, type);
  }
}
