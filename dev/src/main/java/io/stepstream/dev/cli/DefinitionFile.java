package io.stepstream.dev.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.dev.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.charset.StandardCharsets;

/** A state machine's definition in a file. */
record DefinitionFile(Path file, String json) {

  static DefinitionFile read(Path file) throws Refusal {
    byte[] bytes = FileText.bytes(file, "the definition");
    try {
      new ObjectMapper().readTree(bytes);
    } catch (IOException e) {
      throw new Refusal("Not JSON: " + file, "Mend it", e);
    }
    return new DefinitionFile(file, new String(bytes, StandardCharsets.UTF_8));
  }

  /** A name for the machine: that of the file, or of its directory if the file's name says nothing. */
  String machineName() {
    String name = file.getFileName().toString().replaceFirst("(\\.asl)?\\.(json|yaml|yml)$", "");
    Path parent = file.toAbsolutePath().normalize().getParent();
    if (name.equals("machine") && parent != null && parent.getFileName() != null) {
      name = parent.getFileName().toString();
    }
    String allowed = name.replaceAll("[^A-Za-z0-9_-]", "-");
    return allowed.substring(0, Math.min(allowed.length(), 60));
  }
}
