package io.stepstream.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/** Those of the Compose file, made by its script. */
final class Secrets {

  private Secrets() {}

  /**
   * @return the script's exit code
   */
  static int make(Path directory) throws IOException, InterruptedException {
    Path script =
        Files.copy(
            ComposeFile.DIRECTORY.resolve("secrets.sh"),
            directory.resolve("secrets.sh"),
            StandardCopyOption.REPLACE_EXISTING);
    Process process =
        new ProcessBuilder("sh", script.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("the script hangs");
    }
    return process.exitValue();
  }
}
