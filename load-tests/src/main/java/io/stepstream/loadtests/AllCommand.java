package io.stepstream.loadtests;

import io.stepstream.dev.Refusal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stepstream bench all}. */
@Command(
    name = "stepstream bench all",
    description = {
      "Runs every scenario, each with its floor and on a broker of its own, and writes one page"
          + " with a table and plots.",
      "Progress goes to standard error; each scenario prints a line of JSON on standard output. One"
          + " that fails is told of, and the others go on."
    },
    mixinStandardHelpOptions = true)
final class AllCommand implements Callable<Integer> {

  static final String NAME = "all";

  /** In a short run there is a fraction of the items. */
  private static final int SHORT_DIVISOR = 50;

  @Spec private CommandSpec spec;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      required = true,
      description = "The page: HTML that needs nothing else.")
  private Path report;

  @Option(
      names = "--short",
      description =
          "Seconds for each scenario, and a fiftieth of the items and timers: shows that everything"
              + " runs, and hardly more.")
  private boolean brief;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "Seconds that each window of a scenario is measured (default: "
              + BenchSettings.SECONDS
              + "; with --short 2).")
  private @Nullable Integer seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description =
          "Seconds under load before each measurement (default: "
              + BenchSettings.WARM_UP_SECONDS
              + "; with --short 1).")
  private @Nullable Integer warmUp;

  @Override
  public Integer call() throws Refusal, InterruptedException {
    ReportFile file = ReportFile.of(spec, report);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    // Before the first takes its minutes.
    List<BenchSettings> all = Scenario.all().stream().map(this::settings).toList();
    Instant begun = Instant.now();
    List<Result> results = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (BenchSettings settings : all) {
      Scenario scenario = settings.scenario();
      BenchCommand.progress(err).accept(scenario.label());
      try {
        Result result = Bench.measure(settings, BenchCommand.progress(err));
        results.add(result);
        out.println(result.json());
        out.flush();
      } catch (BenchFailure failure) {
        failures.add(scenario.label() + ": " + failure.getMessage());
        err.println("stepstream: " + failures.getLast());
      }
      // After each, so that what an hour has found out survives a Ctrl-C.
      file.write(new ReportPage(begun, brief, results, failures).html());
    }
    return failures.isEmpty() ? 0 : BenchCommand.FAILED;
  }

  private BenchSettings settings(Scenario scenario) {
    BenchSettings settings =
        BenchSettings.of(
            scenario,
            given("--seconds", seconds, 1, brief ? 2 : BenchSettings.SECONDS),
            given("--warm-up", warmUp, 0, brief ? 1 : BenchSettings.WARM_UP_SECONDS),
            BenchSettings.PARTITIONS,
            BenchSettings.PAYLOAD_BYTES);
    return brief ? settings.withItems(settings.items() / SHORT_DIVISOR).withRepeats(1) : settings;
  }

  private Duration given(String option, @Nullable Integer value, int least, int usual) {
    return Duration.ofSeconds(
        value == null ? usual : Options.within(spec, option, value, least, 3_600));
  }
}
