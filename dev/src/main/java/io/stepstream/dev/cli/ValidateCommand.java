package io.stepstream.dev.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists what is wrong in definitions. */
@Command(
    name = "validate",
    description = "Lists every problem of definitions, with JSON pointer, line and column.",
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Definitions: JSON, or YAML.")
  private List<Path> files;

  @Override
  public Integer call() throws Exception {
    for (Path file : files) {
      DefinitionFile.read(file);
      spec.commandLine().getOut().println(file + ": valid");
    }
    return ExitCode.SUCCEEDED;
  }
}
