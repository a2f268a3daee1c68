package io.stepstream.dev.operations;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prometheus' own tool; a test is skipped where it is missing. */
final class Promtool {

  private Promtool() {}

  /**
   * @param text of standard output and standard error
   */
  record Answer(int exit, String text) {}

  static Answer run(String... arguments) throws IOException, InterruptedException {
    return run(null, arguments);
  }

  /**
   * @param input for its standard input; null: none
   */
  static Answer run(Path input, String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "promtool";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Path text = Files.createTempFile("promtool-", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(text.toFile());
      if (input != null) {
        builder.redirectInput(input.toFile());
      }
      Process process;
      try {
        process = builder.start();
      } catch (IOException _) {
        return abort("promtool is not installed (Debian: apt-get install prometheus)");
      }
      int exit = process.waitFor();
      return new Answer(exit, Files.readString(text, StandardCharsets.UTF_8));
    } finally {
      Files.delete(text);
    }
  }
}
