package io.stepstream.dev.cli;

import io.stepstream.dev.Refusal;
import io.stepstream.dev.doctor.Installation;
import io.stepstream.dev.doctor.SupportBundle;
import io.stepstream.dev.doctor.SupportBundle.Sources;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gathers what somebody needs who is to help, and no secret. */
@Command(
    name = "support-bundle",
    description =
        "Gathers findings, versions, settings, topics, groups, nodes, queues and metrics into a"
            + " file. No payloads, keys or log messages are in it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "It works while nodes or brokers are down; manifest.json says what is missing. Settings are"
          + " those of this command's environment and of the files that --config names, and only"
          + " those have values that are known to be no secret."
    })
final class SupportBundleCommand implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofSeconds(45);

  @Spec private CommandSpec spec;

  @Mixin private InstallationOptions options;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.zip",
      description = "The file to make; it must not be there yet.")
  private Path out;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "An application.properties of a coordinator or worker; may be repeated.")
  private List<Path> configs = List.of();

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "A log, of which the last MB is taken without its messages; may be repeated.")
  private List<Path> logs = List.of();

  @Override
  public Integer call() throws Refusal, IOException, InterruptedException {
    Installation installation = options.installation();
    Sources sources =
        new Sources(String.join(", ", new Version().getVersion()), System.getenv(), configs, logs);
    try (OutputStream file = Files.newOutputStream(out, StandardOpenOption.CREATE_NEW)) {
      List<String> missing = new SupportBundle(installation, sources, LONGEST).write(file);
      spec.commandLine().getOut().println(out);
      if (!missing.isEmpty()) {
        spec.commandLine()
            .getErr()
            .println("stepstream: missing in it are " + String.join(", ", missing));
      }
      return missing.isEmpty() ? ExitCode.SUCCEEDED : ExitCode.FAILED;
    } catch (FileAlreadyExistsException e) {
      throw new Refusal("There is a file " + out + " already", "Choose another with --out", e);
    }
  }
}
