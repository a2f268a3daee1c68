package io.stepstream.dev.cli;

import io.stepstream.asl.json.Json;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.DefinitionProblem;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import io.stepstream.asl.source.SourceReader;
import io.stepstream.asl.validate.MachineType;
import io.stepstream.dev.Refusal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A state machine's definition in a file: JSON, or YAML by the file's extension. */
final class DefinitionFile {
  private final Path file;
  private final byte[] text;
  private final DefinitionResult result;

  private DefinitionFile(Path file, byte[] text, DefinitionResult result) {
    this.file = file;
    this.text = text;
    this.result = result;
  }

  /**
   * Reads and validates a definition.
   *
   * @throws Refusal if the file can't be read; what is wrong in it is in {@link #problems}
   */
  static DefinitionFile read(Path file, MachineType type) throws Refusal {
    byte[] text = FileText.bytes(file, "the definition");
    return new DefinitionFile(file, text, DefinitionReader.read(text, format(file), type));
  }

  boolean isValid() {
    return switch (result) {
      case DefinitionResult.Parsed _ -> true;
      case DefinitionResult.Rejected _ -> false;
    };
  }

  /** A line for each problem, errors and warnings, as {@code FILE:LINE:COLUMN: …}. */
  List<String> problems() {
    return result.problems().stream().map(this::line).toList();
  }

  /** The definition as JSON, which is what the API takes. Only of a valid one. */
  String json() {
    return switch (format(file)) {
      case JSON -> new String(text, StandardCharsets.UTF_8);
      case YAML -> {
        Node root = SourceReader.read(text, Format.YAML, new Problems());
        yield Json.encode(Objects.requireNonNull(root, "a definition that is invalid").json());
      }
    };
  }

  /** A name for the machine: the file's, or its directory's if the file's says nothing. */
  String machineName() {
    String name = file.getFileName().toString().replaceFirst("(\\.asl)?\\.(json|yaml|yml)$", "");
    Path parent = file.toAbsolutePath().normalize().getParent();
    if (name.equals("machine") && parent != null && parent.getFileName() != null) {
      name = parent.getFileName().toString();
    }
    String allowed = name.replaceAll("[^A-Za-z0-9_-]", "-");
    return allowed.substring(0, Math.min(allowed.length(), 60));
  }

  private static Format format(Path file) {
    return Format.ofFileName(file.getFileName().toString());
  }

  private String line(DefinitionProblem problem) {
    String severity =
        switch (problem.severity()) {
          case ERROR -> "error";
          case WARNING -> "warning";
        };
    return "%s:%d:%d: %s %s at '%s': %s"
        .formatted(
            file,
            problem.line(),
            problem.column(),
            severity,
            problem.code(),
            problem.pointer(),
            problem.message());
  }
}
