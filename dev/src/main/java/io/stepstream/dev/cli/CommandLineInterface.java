package io.stepstream.dev.cli;

import io.stepstream.dev.Refusal;
import java.io.PrintWriter;
import picocli.CommandLine;

/** Runs one command; what goes wrong becomes a sentence on standard error and an exit code. */
public final class CommandLineInterface {
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean traces;

  /**
   * @param out for results only
   * @param err for everything else
   * @param traces whether failures that are bugs show their stack traces
   */
  public CommandLineInterface(PrintWriter out, PrintWriter err, boolean traces) {
    this.out = out;
    this.err = err;
    this.traces = traces;
  }

  /** Runs the command that {@code args} name and returns the exit code. */
  public int execute(String... args) {
    CommandLine commandLine =
        new CommandLine(new StepstreamCommand())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            // @FILE is an input, not a file of arguments.
            .setExpandAtFiles(false)
            .setParameterExceptionHandler(this::refuseUsage)
            .setExecutionExceptionHandler((failure, _, _) -> fail(failure));
    int exit = commandLine.execute(args);
    out.flush();
    err.flush();
    return exit;
  }

  private int refuseUsage(CommandLine.ParameterException failure, String[] args) {
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    err.println("stepstream: " + failure.getMessage() + ". See " + command + " --help.");
    return ExitCode.REFUSED;
  }

  private int fail(Exception failure) {
    if (failure instanceof Refusal) {
      err.println("stepstream: " + failure.getMessage());
    } else {
      err.println(
          "stepstream: a bug stopped this command ("
              + failure
              + "). Please report it with what STEPSTREAM_DEBUG=1 shows.");
    }
    if (traces) {
      failure.printStackTrace(err);
    }
    return ExitCode.REFUSED;
  }
}
