package io.stepstream.dev.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command without a subcommand: asks for one. */
@Command(
    name = "stepstream",
    description = "Runs Amazon States Language on Apache Kafka.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      RunCommand.class,
      DevCommand.class,
      ValidateCommand.class,
      DoctorCommand.class,
      GrowCommand.class,
      SupportBundleCommand.class,
      KeysCommand.class
    },
    footer = {
      "",
      "The launcher adds: worker FILE.java   runs the handlers of a Java file against a server."
    })
final class StepstreamCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "A command is missing: run, dev, validate, doctor, grow, support-bundle, keys or worker");
  }
}
