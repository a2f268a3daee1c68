package io.stepstream.loadtests.core;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stepstream bench core}. */
@Command(
    name = "stepstream bench core",
    description = {
      "Measures the language alone by JMH, on one thread, without Kafka: reading a definition, one"
          + " step of a state, executions of five states in memory. With the bytes that each"
          + " allocates.",
      "A table goes to standard error; the last line on standard output is one JSON object."
    },
    mixinStandardHelpOptions = true)
public final class CoreCommand implements Callable<Integer> {

  /** What {@code stepstream bench} calls it by. */
  public static final String NAME = "core";

  @Spec private CommandSpec spec;

  @Option(
      names = "--short",
      description = "Measure for two seconds instead of five: under two minutes, less exact.")
  private boolean brief;

  @Override
  public Integer call() throws RunnerException {
    PrintWriter err = spec.commandLine().getErr();
    CoreSettings settings = brief ? CoreSettings.SHORT : CoreSettings.FULL;
    err.printf(
        "bench: core: for each benchmark %d s of warm-up and %d s that count%n",
        settings.warmUpSeconds(), settings.seconds());
    err.flush();
    CoreReport report = CoreBench.run(settings);
    err.print(report.table());
    err.flush();
    spec.commandLine().getOut().println(report.json());
    return 0;
  }
}
