package io.stepstream.loadtests.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The time of day of a process, as libfaketime tells it: so much before or behind the machine's,
 * and another at any moment. What measures durations goes on as it does.
 */
final class FakeClock {

  /** Where the library is, if Debian hasn't put it there. */
  static final String LIBRARY = "stepstream.libfaketime";

  private static final Path LIBRARIES = Path.of("/usr/lib");

  /** For processes with threads. */
  private static final String NAME = "libfaketimeMT.so.1";

  private final Path library;
  private final Path file;

  private FakeClock(Path library, Path file) {
    this.library = library;
    this.file = file;
  }

  /**
   * Not ahead and not behind.
   *
   * @param library of {@link #library}
   * @param file tells the process how late it is
   */
  static FakeClock create(Path library, Path file) {
    FakeClock clock = new FakeClock(library, file);
    clock.set(Duration.ZERO);
    return clock;
  }

  /** Null: there is none. */
  static @Nullable Path library() {
    String given = System.getProperty(LIBRARY);
    if (given != null) {
      return Files.isReadable(Path.of(given)) ? Path.of(given) : null;
    }
    if (!Files.isDirectory(LIBRARIES)) {
      return null;
    }
    try (Stream<Path> architectures = Files.list(LIBRARIES)) {
      return Stream.concat(Stream.of(LIBRARIES), architectures)
          .map(directory -> directory.resolve("faketime").resolve(NAME))
          .filter(Files::isReadable)
          .findFirst()
          .orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException("looking through " + LIBRARIES, e);
    }
  }

  /** What a process needs in its environment. */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        "FAKETIME_DONT_RESET", "1");
  }

  /**
   * Within a second.
   *
   * @param ahead of the machine's; negative: behind
   */
  void set(Duration ahead) {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      Files.write(next, List.of("%+d".formatted(ahead.toSeconds())));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file, e);
    }
  }
}
