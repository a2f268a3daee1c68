package io.stepstream.dev.cli;

import io.stepstream.dev.Refusal;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that the user names. */
final class FileText {
  private FileText() {}

  /**
   * The file's bytes.
   *
   * @param what for the message: "the input", "the definition"
   */
  static byte[] bytes(Path file, String what) throws Refusal {
    if (!Files.exists(file)) {
      throw new Refusal("There is no file " + file, "Give the path of the file with " + what);
    }
    if (Files.isDirectory(file)) {
      throw new Refusal(file + " is a directory", "Give the path of the file with " + what);
    }
    try {
      return Files.readAllBytes(file);
    } catch (AccessDeniedException e) {
      throw new Refusal("The file " + file + " may not be read", "Change its permissions", e);
    } catch (IOException e) {
      throw new Refusal(
          "The file " + file + " can't be read: " + e.getMessage(), "Give another file", e);
    }
  }
}
