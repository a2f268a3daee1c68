package io.stepstream.loadtests;

import io.stepstream.dev.Refusal;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stepstream bench peers}. */
@Command(
    name = "stepstream bench peers",
    description = {
      "Measures other engines beside this one, one after another on this machine: one task, five"
          + " states without a task, a task for each item, and latency at light load.",
      "The peers are fetched by Maven when they are asked for; see load-tests/peers/README.md for"
          + " their settings and what is fair. One that can't be fetched or started is told of, and"
          + " the others go on.",
      "Progress and a table go to standard error; the last line on standard output is one JSON"
          + " object, with the ratios of ours to the better peer."
    },
    mixinStandardHelpOptions = true)
final class PeersCommand implements Callable<Integer> {

  static final String NAME = "peers";

  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each measurement lasts (default: ${DEFAULT-VALUE}).",
      defaultValue = "" + BenchSettings.SECONDS)
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description =
          "Seconds under load before each measurement of throughput, for every engine (default:"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "" + BenchSettings.WARM_UP_SECONDS)
  private int warmUp;

  @Option(
      names = "--peers",
      paramLabel = "PEER",
      split = ",",
      description =
          "Which: zeebe, zeebe-3 (with three partitions), littlehorse (default: all of them).",
      converter = PeerConverter.class)
  private List<Peer> peers = List.of(Peer.values());

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the table to that file too, as Markdown.")
  private @Nullable Path report;

  @Override
  public Integer call() throws Refusal, InterruptedException {
    Duration window = Duration.ofSeconds(Options.within(spec, "--seconds", seconds, 1, 3_600));
    Duration warm = Duration.ofSeconds(Options.within(spec, "--warm-up", warmUp, 0, 3_600));
    ReportFile file = report == null ? null : ReportFile.of(spec, report);
    PrintWriter err = spec.commandLine().getErr();
    Consumer<String> progress = BenchCommand.progress(err);
    List<EngineFigures> ours =
        List.of(
            measure(
                "stepstream-express",
                List.of(LoadScenario.EXPRESS_TASK, LoadScenario.EXPRESS_PASS),
                window,
                warm,
                progress),
            // The execution of a Map is a Standard one.
            measure(
                "stepstream-standard",
                List.of(LoadScenario.STANDARD_TASK, MapScenario.MAP_10K_TASK),
                window,
                warm,
                progress));
    PeerScript scripts = new PeerScript(directory(), window, warm, progress);
    List<EngineFigures> theirs = new ArrayList<>();
    for (Peer peer : peers) {
      theirs.add(scripts.run(peer));
    }
    PeerReport told = new PeerReport(window, warm, ours, theirs);
    err.print(told.table());
    err.flush();
    if (file != null) {
      file.write(told.table());
    }
    spec.commandLine().getOut().println(told.json());
    return told.complete() ? 0 : BenchCommand.FAILED;
  }

  private static EngineFigures measure(
      String row,
      List<Scenario> scenarios,
      Duration window,
      Duration warm,
      Consumer<String> progress)
      throws Refusal, InterruptedException {
    OwnFigures figures = new OwnFigures(row);
    for (Scenario scenario : scenarios) {
      progress.accept(scenario.label());
      try {
        figures.add(
            Bench.measure(
                BenchSettings.of(
                    scenario, window, warm, BenchSettings.PARTITIONS, BenchSettings.PAYLOAD_BYTES),
                progress));
      } catch (BenchFailure failure) {
        figures.failed(scenario, failure);
        progress.accept(scenario.label() + ": " + failure.getMessage());
      }
    }
    return figures.row();
  }

  /** The scripts are beside the target directory that we run from. */
  private static Path directory() {
    try {
      return Path.of(PeersCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .resolveSibling("../peers")
          .normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("our own jar has an address", e);
    }
  }

  static final class PeerConverter implements ITypeConverter<Peer> {
    @Override
    public Peer convert(String label) {
      return Options.named(label, List.of(Peer.values()), "there is no peer '%s'; take some of %s");
    }
  }
}
