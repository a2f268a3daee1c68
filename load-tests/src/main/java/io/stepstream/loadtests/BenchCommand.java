package io.stepstream.loadtests;

import io.stepstream.dev.Refusal;
import io.stepstream.loadtests.core.CoreCommand;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code stepstream bench}. */
@Command(
    name = "stepstream bench",
    description = {
      "Measures throughput and latency of the engine, and of bare Kafka doing the same hops (the"
          + " floor), on a broker of its own on this machine.",
      "Progress goes to standard error; the last line on standard output is one JSON object.",
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
          "How long each measurement lasts: throughput, then latency, for floor and engine"
              + " (default: ${DEFAULT-VALUE}).",
      defaultValue = "20")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description =
          "Seconds under load before each measurement of throughput (default: ${DEFAULT-VALUE})."
              + " Two JVMs on few cores compile for more than a minute.",
      defaultValue = "90")
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
      defaultValue = "8")
  private int partitions;

  @Option(
      names = "--payload-bytes",
      paramLabel = "B",
      description = "Size of an execution's JSON input (default: ${DEFAULT-VALUE}).",
      defaultValue = "512")
  private int payloadBytes;

  static int execute(PrintWriter out, PrintWriter err, String... args) {
    // Not a subcommand of picocli's: the scenario would be missing.
    boolean core = args.length > 0 && args[0].equals(CoreCommand.NAME);
    int exit =
        new CommandLine(core ? new CoreCommand() : new BenchCommand())
            .setOut(out)
            .setErr(err)
            .setParameterExceptionHandler(
                (failure, _) -> {
                  err.println(
                      "stepstream: " + failure.getMessage() + ". See stepstream bench --help.");
                  return REFUSED;
                })
            .setExecutionExceptionHandler((failure, _, _) -> fail(err, failure))
            .execute(core ? Arrays.copyOfRange(args, 1, args.length) : args);
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
    Bench bench =
        Bench.open(
            settings,
            line -> {
              err.println("bench: " + line);
              err.flush();
            });
    // The hook covers a Ctrl-C; closing twice does no harm.
    Thread hook = new Thread(bench::close, "bench-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (bench) {
      Report report = bench.run();
      spec.commandLine().getOut().println(report.json());
      return 0;
    }
  }

  private BenchSettings settings() {
    return new BenchSettings(
        scenario,
        Duration.ofSeconds(within("--seconds", seconds, 1, 3_600)),
        Duration.ofSeconds(within("--warm-up", warmUp, 0, 3_600)),
        within("--in-flight", inFlight == null ? scenario.inFlight() : inFlight, 1, 100_000),
        within("--partitions", partitions, 1, 64),
        within("--payload-bytes", payloadBytes, Payload.LEAST_BYTES, 262_144));
  }

  private int within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(),
          "%s must be between %d and %d, not %d".formatted(option, least, most, value));
    }
    return value;
  }

  static final class Labels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Scenario.values()).map(Scenario::label).iterator();
    }
  }

  static final class ScenarioConverter implements ITypeConverter<Scenario> {
    @Override
    public Scenario convert(String label) {
      return Arrays.stream(Scenario.values())
          .filter(scenario -> scenario.label().equals(label))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "there is no scenario '%s'; take one of %s"
                          .formatted(label, Arrays.toString(Scenario.values()))));
    }
  }
}
