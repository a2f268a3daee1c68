package io.stepstream.loadtests;

import io.stepstream.dev.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stepstream bench scaling}. */
@Command(
    name = "stepstream bench scaling",
    description = {
      "Measures throughput with one, two and three coordinator processes, each under a CPU quota,"
          + " compares it with what a model predicts from the costs with the fewest, and tells"
          + " what 1,000, 10,000 and 100,000 starts/s need by that model.",
      "Needs Linux' control groups for CPU, writable. Progress goes to standard error; the last"
          + " line on standard output is one JSON object, after tables."
    },
    mixinStandardHelpOptions = true)
final class ScalingCommand implements Callable<Integer> {

  static final String NAME = "scaling";

  private static final int MOST_COORDINATORS = 16;

  @Spec private CommandSpec spec;

  @Option(
      names = "--coordinators",
      paramLabel = "C",
      split = ",",
      description = "How many processes, separated by commas (default: ${DEFAULT-VALUE}).",
      defaultValue = "1,2,3")
  private List<Integer> coordinators;

  @Option(
      names = "--quota",
      paramLabel = "PERCENT",
      description =
          "CPU time of each coordinator while it is measured, in percent of one core (default:"
              + " ${DEFAULT-VALUE}). So low that the coordinators are what limits.",
      defaultValue = "" + ScalingSettings.QUOTA)
  private int quota;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "How long throughput is measured with each number, after as long a time in which the"
              + " queues fill (default: ${DEFAULT-VALUE}).",
      defaultValue = "" + BenchSettings.SECONDS)
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description =
          "Seconds under load without quotas before each measurement, before the first for each"
              + " coordinator (default: ${DEFAULT-VALUE}).",
      defaultValue = "" + BenchSettings.WARM_UP_SECONDS)
  private int warmUp;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      description =
          "Partitions of topics and stores (default: ${DEFAULT-VALUE}). A number that the"
              + " coordinators divide keeps them even.",
      defaultValue = "" + ScalingSettings.PARTITIONS)
  private int partitions;

  @Option(
      names = "--scenario",
      paramLabel = "SCENARIO",
      converter = ScenarioConverter.class,
      description = "express-task or standard-task (default: ${DEFAULT-VALUE}).",
      defaultValue = "express-task")
  private LoadScenario scenario;

  @Override
  public Integer call() throws Refusal, InterruptedException {
    ScalingResult result =
        ScalingTrial.measure(settings(), BenchCommand.progress(spec.commandLine().getErr()));
    spec.commandLine().getOut().print(result.tables());
    spec.commandLine().getOut().println(result.json());
    return 0;
  }

  private ScalingSettings settings() {
    int most = Options.within(spec, "--partitions", partitions, 1, 64);
    coordinators.forEach(
        count ->
            Options.within(spec, "--coordinators", count, 1, Math.min(most, MOST_COORDINATORS)));
    return new ScalingSettings(
        scenario,
        coordinators.stream().distinct().sorted().toList(),
        Options.within(spec, "--quota", quota, 5, 100),
        Duration.ofSeconds(Options.within(spec, "--seconds", seconds, 1, 3_600)),
        Duration.ofSeconds(Options.within(spec, "--warm-up", warmUp, 0, 3_600)),
        partitions);
  }

  static final class ScenarioConverter implements ITypeConverter<LoadScenario> {
    private static final List<LoadScenario> ALL =
        List.of(LoadScenario.EXPRESS_TASK, LoadScenario.STANDARD_TASK);

    @Override
    public LoadScenario convert(String label) {
      return Options.named(label, ALL, "there is no scenario '%s' here; take one of %s");
    }
  }
}
