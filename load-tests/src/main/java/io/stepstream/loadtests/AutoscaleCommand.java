package io.stepstream.loadtests;

import io.stepstream.dev.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stepstream bench autoscale}. */
@Command(
    name = "stepstream bench autoscale",
    description = {
      "Runs the scaling loop of the Helm chart without Kubernetes: worker processes are started and"
          + " stopped by the backlog that a node exports, with the algorithm of a"
          + " HorizontalPodAutoscaler, under a load that rises and falls. Fails when a task is"
          + " lost or applied twice, when the backlog doesn't return to zero, or when workers are"
          + " left.",
      "Progress goes to standard error; the last line on standard output is one JSON object."
    },
    mixinStandardHelpOptions = true)
final class AutoscaleCommand implements Callable<Integer> {

  static final String NAME = "autoscale";

  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long the load is (default: ${DEFAULT-VALUE}).",
      defaultValue = "180")
  private int seconds;

  @Option(
      names = "--peak",
      paramLabel = "N",
      description = "Starts per second at its height (default: ${DEFAULT-VALUE}).",
      defaultValue = "14")
  private int peak;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description = "The gauge with a label 'queue' that is followed (default: ${DEFAULT-VALUE}).",
      defaultValue = AutoscaleSettings.METRIC)
  private String metric;

  @Option(
      names = "--report",
      required = true,
      paramLabel = "FILE.svg",
      description = "Where the plot goes.")
  private Path report;

  @Override
  public Integer call() throws Refusal, InterruptedException {
    ReportFile file = ReportFile.of(spec, report);
    AutoscaleResult result =
        AutoscaleTrial.run(
            AutoscaleSettings.of(
                metric,
                Duration.ofSeconds(Options.within(spec, "--seconds", seconds, 20, 3_600)),
                Options.within(spec, "--peak", peak, 1, 100)),
            BenchCommand.progress(spec.commandLine().getErr()));
    file.write(result.svg());
    spec.commandLine().getOut().println(result.json());
    List<String> failures = result.failures();
    failures.forEach(failure -> spec.commandLine().getErr().println("stepstream: " + failure));
    return failures.isEmpty() ? 0 : BenchCommand.FAILED;
  }
}
