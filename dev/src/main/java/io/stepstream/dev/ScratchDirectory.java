package io.stepstream.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary directory, removed with what is in it. */
public final class ScratchDirectory implements AutoCloseable {
  private final Path path;

  private ScratchDirectory(Path path) {
    this.path = path;
  }

  public static ScratchDirectory create() throws Refusal {
    try {
      return new ScratchDirectory(Files.createTempDirectory("stepstream-"));
    } catch (IOException e) {
      throw new Refusal(
          "No temporary directory can be made (" + e.getMessage() + ")",
          "Free some space in " + System.getProperty("java.io.tmpdir") + " or set TMPDIR",
          e);
    }
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
