package io.stepstream.coordinator.definition;

import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import io.stepstream.schemas.Lane;

/** The language's own parser; definitions on topics and in requests are JSON. */
public final class AslCompiler implements DefinitionCompiler {

  @Override
  public Compilation compile(byte[] definition, Lane lane) {
    MachineType type =
        switch (lane) {
          case EXPRESS -> MachineType.EXPRESS;
          case STANDARD -> MachineType.STANDARD;
          case UNKNOWN -> throw new IllegalArgumentException("a machine of no known type");
        };
    return switch (DefinitionReader.read(definition, Format.JSON, type)) {
      case DefinitionResult.Parsed parsed -> new Compilation.Compiled(parsed.machine());
      case DefinitionResult.Rejected rejected -> new Compilation.Invalid(rejected.message());
    };
  }
}
