package io.stepstream.loadtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Where a page goes; one can be written there as far as can be told before an hour of work. */
record ReportFile(Path path) {

  static ReportFile of(CommandSpec spec, Path path) {
    Path directory = path.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory) || Files.isDirectory(path)) {
      throw new ParameterException(
          spec.commandLine(), "--report must name a file in a directory that exists, not " + path);
    }
    return new ReportFile(path);
  }

  void write(String html) {
    try {
      Files.writeString(path, html);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + path, e);
    }
  }
}
