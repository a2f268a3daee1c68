package io.stepstream.dev.cli;

import io.stepstream.asl.validate.MachineType;
import io.stepstream.dev.Refusal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists what is wrong in definitions. */
@Command(
    name = "validate",
    description = "Lists every problem of definitions, with JSON pointer, line and column.",
    mixinStandardHelpOptions = true,
    footer = {"", "Exit code: 0 all are valid (there may be warnings); 2 at least one isn't."})
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Definitions: JSON, or YAML (.yaml, .yml).")
  private List<Path> files;

  @Option(
      names = "--type",
      defaultValue = "STANDARD",
      paramLabel = "STANDARD|EXPRESS",
      description = "What they are to run as; Express may do less (default: ${DEFAULT-VALUE}).")
  private MachineType type;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    boolean allValid = true;
    for (Path file : files) {
      try {
        DefinitionFile definition = DefinitionFile.read(file, type);
        definition.problems().forEach(out::println);
        if (definition.isValid()) {
          out.println(file + ": valid");
        }
        allValid &= definition.isValid();
      } catch (Refusal e) {
        // The other files are still worth a look.
        spec.commandLine().getErr().println("stepstream: " + e.getMessage());
        allValid = false;
      }
    }
    return allValid ? ExitCode.SUCCEEDED : ExitCode.REFUSED;
  }
}
