package io.stepstream.loadtests;

import io.stepstream.dev.Refusal;
import io.stepstream.loadtests.core.CoreCommand;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stepstream bench}. */
@Command(
    name = "stepstream bench",
    description = {
      "Measures throughput and latency of the engine, and of bare Kafka doing the same hops (the"
          + " floor), on a broker of its own on this machine.",
      "Progress goes to standard error; the last line on standard output is one JSON object.",
      "'stepstream bench all' runs every scenario and writes a page; see 'stepstream bench all"
          + " --help'.",
      "'stepstream bench autoscale' lets workers follow the backlog; see 'stepstream bench"
          + " autoscale --help'.",
      "'stepstream bench growth' measures at several sizes; see 'stepstream bench growth --help'.",
      "'stepstream bench peers' measures other engines beside it; see 'stepstream bench peers"
          + " --help'.",
      "'stepstream bench scaling' measures with several coordinators and checks a model by it; see"
          + " 'stepstream bench scaling --help'.",
      "'stepstream bench core' measures the language alone; see 'stepstream bench core --help'."
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

  /** The measurement came to nothing. */
  static final int FAILED = 1;

  /** The command line or the environment is at fault. */
  static final int REFUSED = 2;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SCENARIO",
      description = "One of ${COMPLETION-CANDIDATES}.",
      completionCandidates = Labels.class,
      converter = ScenarioConverter.class)
  private Scenario scenario;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "How long each window of throughput, and then latency, is measured, for floor and engine"
              + " (default: ${DEFAULT-VALUE}).",
      defaultValue = "" + BenchSettings.SECONDS)
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description =
          "Seconds under load before each measurement of throughput (default: ${DEFAULT-VALUE})."
              + " Two JVMs on few cores compile for more than a minute.",
      defaultValue = "" + BenchSettings.WARM_UP_SECONDS)
  private int warmUp;

  @Option(
      names = "--in-flight",
      paramLabel = "M",
      description =
          "Executions begun and not ended at once while throughput is measured"
              + " (default: 1000 with Express, 4000 with Standard).")
  private @Nullable Integer inFlight;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      description = "Partitions of topics and stores (default: ${DEFAULT-VALUE}).",
      defaultValue = "" + BenchSettings.PARTITIONS)
  private int partitions;

  @Option(
      names = "--payload-bytes",
      paramLabel = "B",
      description = "Size of an execution's JSON input (default: ${DEFAULT-VALUE}).",
      defaultValue = "" + BenchSettings.PAYLOAD_BYTES)
  private int payloadBytes;

  @Option(
      names = "--items",
      paramLabel = "N",
      description =
          "Items of a Map, or executions that wait, instead of as many as the scenario's name"
              + " says.")
  private @Nullable Integer items;

  @Option(
      names = "--repeats",
      paramLabel = "R",
      description =
          "How often a Map is run, or throughput measured after one warm-up; the median is told"
              + " (default: 3, but 1 for Maps of more than 10,000 items and for timers).")
  private @Nullable Integer repeats;

  @Option(
      names = "--streams",
      paramLabel = "KEY=VALUE",
      description =
          "A setting of Kafka Streams in place of the coordinator's, such as producer.linger.ms=2"
              + " or num.stream.threads=1, for floor and engine; may be repeated. The floor's"
              + " records are never compressed.")
  private Map<String, String> streams = Map.of();

  static int execute(PrintWriter out, PrintWriter err, String... args) {
    // Not subcommands of picocli's: the scenario would be missing.
    Object command =
        switch (args.length == 0 ? "" : args[0]) {
          case CoreCommand.NAME -> new CoreCommand();
          case AllCommand.NAME -> new AllCommand();
          case AutoscaleCommand.NAME -> new AutoscaleCommand();
          case GrowthCommand.NAME -> new GrowthCommand();
          case PeersCommand.NAME -> new PeersCommand();
          case ScalingCommand.NAME -> new ScalingCommand();
          default -> new BenchCommand();
        };
    int exit =
        new CommandLine(command)
            .setOut(out)
            .setErr(err)
            .setParameterExceptionHandler(
                (failure, _) -> {
                  err.println(
                      "stepstream: " + failure.getMessage() + ". See stepstream bench --help.");
                  return REFUSED;
                })
            .setExecutionExceptionHandler((failure, _, _) -> fail(err, failure))
            .execute(
                command instanceof BenchCommand ? args : Arrays.copyOfRange(args, 1, args.length));
    out.flush();
    err.flush();
    return exit;
  }

  private static int fail(PrintWriter err, Exception failure) {
    if (failure instanceof BenchFailure || failure instanceof Refusal) {
      err.println("stepstream: " + failure.getMessage());
    } else {
      err.println("stepstream: a bug stopped the benchmark (" + failure + ")");
      failure.printStackTrace(err);
    }
    return failure instanceof Refusal ? REFUSED : FAILED;
  }

  @Override
  public Integer call() throws Refusal, InterruptedException {
    BenchSettings settings = settings();
    PrintWriter err = spec.commandLine().getErr();
    Result result = Bench.measure(settings, progress(err));
    spec.commandLine().getOut().println(result.json());
    return 0;
  }

  static Consumer<String> progress(PrintWriter err) {
    return line -> {
      err.println("bench: " + line);
      err.flush();
    };
  }

  private BenchSettings settings() {
    BenchSettings settings =
        BenchSettings.of(
            scenario,
            Duration.ofSeconds(Options.within(spec, "--seconds", seconds, 1, 3_600)),
            Duration.ofSeconds(Options.within(spec, "--warm-up", warmUp, 0, 3_600)),
            Options.within(spec, "--partitions", partitions, 1, 64),
            Options.within(spec, "--payload-bytes", payloadBytes, Inputs.LEAST_BYTES, 262_144));
    settings = settings.withStreams(streams);
    if (inFlight != null) {
      settings = settings.withInFlight(Options.within(spec, "--in-flight", inFlight, 1, 100_000));
    }
    if (items != null) {
      allow("--items", settings.items() > 0);
      settings = settings.withItems(Options.within(spec, "--items", items, 1, 10_000_000));
    }
    if (repeats != null) {
      allow("--repeats", scenario instanceof LoadScenario || scenario instanceof MapScenario);
      settings = settings.withRepeats(Options.within(spec, "--repeats", repeats, 1, 100));
    }
    return settings;
  }

  private void allow(String option, boolean allowed) {
    if (!allowed) {
      throw new ParameterException(
          spec.commandLine(), "%s means nothing to %s".formatted(option, scenario.label()));
    }
  }

  static final class Labels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Scenario.all().stream().map(Scenario::label).iterator();
    }
  }

  static final class ScenarioConverter implements ITypeConverter<Scenario> {
    @Override
    public Scenario convert(String label) {
      return Options.named(label, Scenario.all(), "there is no scenario '%s'; take one of %s");
    }
  }
}
