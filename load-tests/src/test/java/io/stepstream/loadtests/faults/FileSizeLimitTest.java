package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FileSizeLimitTest {

  /** Writes to the file whenever it is asked, as a process that ignores the signal. */
  private static final String WRITER =
      "trap '' XFSZ; while read line; do if echo text >file; then echo done; else echo failed; fi;"
          + " done 2>/dev/null";

  @TempDir private Path directory;

  private static String ask(BufferedWriter in, BufferedReader out) throws IOException {
    in.write("write\n");
    in.flush();
    return out.readLine();
  }

  @Test
  void shouldLetWritesFailUntilItIsLifted() throws Exception {
    assumeTrue(FileSizeLimit.isThere(), "there is no prlimit");
    Process writer =
        new ProcessBuilder("/bin/sh", "-c", WRITER).directory(directory.toFile()).start();
    try (BufferedWriter in = writer.outputWriter();
        BufferedReader out = writer.inputReader()) {
      assertThat(ask(in, out)).isEqualTo("done");
      FileSizeLimit.set(writer.pid());
      assertThat(ask(in, out)).isEqualTo("failed");
      assertThat(Files.size(directory.resolve("file"))).isZero();
      FileSizeLimit.lift(writer.pid());
      assertThat(ask(in, out)).isEqualTo("done");
      assertThat(directory.resolve("file")).hasContent("text");
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }
}
