package io.stepstream.dev.languages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A language that has a worker in examples/workers, and how that worker is started. */
enum Language {
  PYTHON("python", "py", "confluent-kafka and avro (Debian: python3-confluent-kafka python3-avro)"),
  TYPESCRIPT("typescript", "ts", "Node.js and 'npm ci' in examples/workers/typescript");

  private static final Path WORKERS =
      Path.of(System.getProperty("stepstream.examples"), "workers").toAbsolutePath().normalize();

  /** Its queue, the name of its pool and of its folder. */
  final String queue;

  /** What the names of its functions begin with. */
  final String prefix;

  final String needs;

  Language(String queue, String prefix, String needs) {
    this.queue = queue;
    this.prefix = prefix;
    this.needs = needs;
  }

  Path folder() {
    return WORKERS.resolve(queue);
  }

  /** The command of its worker; empty: what it needs is not installed. */
  Optional<List<String>> command() throws IOException, InterruptedException {
    return switch (this) {
      case PYTHON -> python();
      case TYPESCRIPT -> typescript();
    };
  }

  /** The command of the tests that it brings along; to be run in its {@link #folder}. */
  List<String> tests(String interpreter) {
    return switch (this) {
      case PYTHON -> List.of(interpreter, "-m", "unittest", "-v");
      case TYPESCRIPT -> List.of(interpreter, "--test", "dist/");
    };
  }

  /**
   * The first Python that has the libraries: of a virtual environment, of the path, the system's.
   */
  private Optional<List<String>> python() throws IOException, InterruptedException {
    String own = folder().resolve("venv/bin/python3").toString();
    for (String python : List.of(own, "python3", "/usr/bin/python3")) {
      if (succeeds(List.of(python, "-c", "import confluent_kafka, avro.schema"))) {
        return Optional.of(List.of(python, folder().resolve("main.py").toString()));
      }
    }
    return Optional.empty();
  }

  private Optional<List<String>> typescript() throws IOException, InterruptedException {
    if (!Files.isDirectory(folder().resolve("node_modules"))
        || !succeeds(List.of("node", "--version"))
        || !succeeds(List.of("npm", "run", "build"))) {
      return Optional.empty();
    }
    return Optional.of(List.of("node", folder().resolve("dist/main.js").toString()));
  }

  private boolean succeeds(List<String> command) throws IOException, InterruptedException {
    if (command.getFirst().startsWith("/") && !Files.isExecutable(Path.of(command.getFirst()))) {
      return false;
    }
    if (!command.getFirst().startsWith("/") && !isOnPath(command.getFirst())) {
      return false;
    }
    Process process =
        new ProcessBuilder(command)
            .directory(folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return false;
    }
    return process.exitValue() == 0;
  }

  private static boolean isOnPath(String name) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
  }
}
