package io.stepstream.loadtests.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How large the files of a process may become, by util-linux' {@code prlimit}. */
final class FileSizeLimit {

  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

  private FileSizeLimit() {}

  static boolean isThere() {
    return Files.isExecutable(PRLIMIT);
  }

  /**
   * From now on it can't write to files. The JVM ignores the signal that would end others by that;
   * the hard limit stays, so that this can be taken back.
   */
  static void set(long pid) throws InterruptedException {
    run(pid, "0");
  }

  /** As it was. */
  static void lift(long pid) throws InterruptedException {
    run(pid, "unlimited");
  }

  private static void run(long pid, String soft) throws InterruptedException {
    List<String> command =
        List.of(PRLIMIT.toString(), "--pid", String.valueOf(pid), "--fsize=%s:".formatted(soft));
    try {
      int exit =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IllegalStateException("%s ended with %d".formatted(command, exit));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command), e);
    }
  }
}
