package io.stepstream.loadtests.faults;

import io.stepstream.dev.Refusal;
import io.stepstream.dev.ScratchDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code stepstream chaos}. */
@Command(
    name = "stepstream chaos",
    description = {
      "Runs three brokers, coordinators and workers as processes of this machine, under a load"
          + " whose every end is known, does faults to them, and checks what is left.",
      "Progress goes to standard error, a table to standard output; its last line is one JSON"
          + " object. Exits with 1 if an invariant is violated. Takes about 4 GB of memory."
    },
    mixinStandardHelpOptions = true)
final class ChaosCommand implements Callable<Integer> {

  /** Nothing is violated. */
  static final int CLEAN = 0;

  /** An invariant is violated, or the run came to nothing. */
  static final int VIOLATED = 1;

  /** The command line or the environment is at fault. */
  static final int REFUSED = 2;

  /** Starts a packaged coordinator. */
  private static final String APP_FILE = "quarkus-run.jar";

  /** Names the packaged coordinator. */
  static final String APP = "stepstream.coordinator.app";

  private static final long SHORT_SEED = 20_261_127;
  private static final double PER_SECOND = 3;

  /** What two cores bear that do the faults as well. */
  private static final double SHORT_PER_SECOND = 1;

  private static final int REMOVALS = 5;

  /** Of each kind one, and what takes no minutes. */
  private static final List<String> SHORT = List.of("F-03", "F-01", "F-14", "F-29");

  @Spec private CommandSpec spec;

  @Option(
      names = "--faults",
      paramLabel = "ID",
      split = ",",
      description =
          "Which, such as F-01,F-05 (default: all that can be done here). F-26 alone takes all of"
              + " --minutes.")
  private List<String> faults = List.of();

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description =
          "How long faults are done, again and again, in an order that is drawn (default: each"
              + " once).")
  private int minutes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "What load and faults are drawn from (default: another one each time). What a seed leads"
              + " to is up to the machine as well.")
  private @Nullable Long seed;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description =
          "Executions that are started each second (default: 3; with --short 1). More than the"
              + " machine bears tells nothing of the faults.")
  private @Nullable Double rate;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Coordinators, and as many workers (default: ${DEFAULT-VALUE}).",
      defaultValue = "2")
  private int nodes;

  @Option(
      names = "--previous",
      paramLabel = "DIR",
      description =
          "The packaged coordinator of an earlier version (its target/quarkus-app), for F-17.")
  private @Nullable Path previous;

  @Option(
      names = "--storm",
      description =
          "Kills coordinators, workers and brokers, one every 8 to 15 seconds or as soon as the"
              + " machine follows, for so many --minutes.")
  private boolean isStorm;

  @Option(
      names = "--short",
      description = "Some faults of each kind by a fixed seed, in less than five minutes.")
  private boolean isShort;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Where the table is written as well, in Markdown.")
  private @Nullable Path report;

  @Option(
      names = "--keep",
      description = "Leaves the directory with all logs and data where it is, and says where.")
  private boolean isKept;

  static int execute(PrintWriter out, PrintWriter err, String... args) {
    int exit =
        new CommandLine(new ChaosCommand())
            .setOut(out)
            .setErr(err)
            .setParameterExceptionHandler(
                (failure, _) -> {
                  err.println(
                      "stepstream: " + failure.getMessage() + ". See stepstream chaos --help.");
                  return REFUSED;
                })
            .setExecutionExceptionHandler((failure, _, _) -> fail(err, failure))
            .execute(args);
    out.flush();
    err.flush();
    return exit;
  }

  private static int fail(PrintWriter err, Exception failure) {
    switch (failure) {
      case Refusal refusal -> err.println("stepstream: " + refusal.getMessage());
      case RunFailure come -> err.println("stepstream: " + come.getMessage());
      case InterruptedException _ -> err.println("stepstream: stopped");
      default -> {
        err.println("stepstream: a bug stopped the run (" + failure + ")");
        failure.printStackTrace(err);
      }
    }
    return failure instanceof Refusal ? REFUSED : VIOLATED;
  }

  @Override
  public Integer call() throws Refusal, InterruptedException, IOException {
    ChaosSettings settings = settings();
    Path application = application();
    PrintWriter err = spec.commandLine().getErr();
    Consumer<String> progress =
        line -> {
          err.println("chaos: " + line);
          err.flush();
        };
    progress.accept(
        "seed %d, %s executions each second, faults %s"
            .formatted(
                settings.seed(),
                settings.perSecond(),
                settings.faults().stream().map(Fault::id).toList()));
    if (faults.isEmpty() && !isShort && !isStorm) {
      all().stream()
          .filter(fault -> !fault.missing().isEmpty())
          .forEach(
              fault ->
                  progress.accept("left out: %s needs %s".formatted(fault.id(), fault.missing())));
    }
    ScratchDirectory scratch = ScratchDirectory.create();
    try (Api api = new Api()) {
      Cluster cluster = new Cluster(scratch.path(), application, nodes, api, progress);
      Thread hook = stopAtShutdown(cluster, scratch);
      try {
        ChaosResult result = new Chaos(settings, cluster, progress).run(api);
        tell(result);
        return result.isClean() ? CLEAN : VIOLATED;
      } finally {
        cluster.close();
        leave(scratch, progress);
        forget(hook);
      }
    }
  }

  /** Who is stopped half-way leaves nothing behind either. */
  private Thread stopAtShutdown(Cluster cluster, ScratchDirectory scratch) {
    Thread run = Thread.currentThread();
    Thread hook =
        new Thread(
            () -> {
              run.interrupt();
              cluster.close();
              if (!isKept) {
                remove(scratch);
              }
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // It is running.
    }
  }

  private void leave(ScratchDirectory scratch, Consumer<String> progress) {
    if (isKept) {
      progress.accept("logs and data are in " + scratch.path());
    } else {
      remove(scratch);
    }
  }

  private static void remove(ScratchDirectory scratch) {
    for (int i = 0; i < REMOVALS && Files.exists(scratch.path()); i++) {
      try {
        scratch.close();
      } catch (IOException | UncheckedIOException _) {
        // A file that a dying process has made, or that was removed meanwhile: once more.
      }
    }
  }

  private void tell(ChaosResult result) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(result.table());
    out.println(result.json());
    out.flush();
    if (report != null) {
      Files.writeString(report, result.table());
    }
  }

  private ChaosSettings settings() {
    if (isShort && (!faults.isEmpty() || minutes != 0)) {
      throw refused("--short has faults and time of its own; leave out --faults and --minutes");
    }
    if (isStorm && (isShort || !faults.isEmpty() || minutes == 0)) {
      throw refused("--storm needs --minutes, and has faults of its own; leave out --faults");
    }
    if (minutes < 0 || minutes > 24 * 60) {
      throw refused("--minutes must be between 0 and 1440, not " + minutes);
    }
    double perSecond = rate != null ? rate : isShort ? SHORT_PER_SECOND : PER_SECOND;
    if (!(perSecond >= 1 && perSecond <= 500)) {
      throw refused("--rate must be between 1 and 500, not " + perSecond);
    }
    if (previous != null && !Files.isRegularFile(previous.resolve(APP_FILE))) {
      throw refused(
          "--previous must name a directory with %s, not %s".formatted(APP_FILE, previous));
    }
    if (nodes < 2 || nodes > 5) {
      throw refused("--nodes must be between 2 and 5, not " + nodes);
    }
    if (report != null) {
      Path directory = report.toAbsolutePath().getParent();
      if (directory == null || !Files.isDirectory(directory) || Files.isDirectory(report)) {
        throw refused("--report must name a file in a directory that exists, not " + report);
      }
    }
    long drawn = seed != null ? seed : isShort ? SHORT_SEED : new Random().nextInt(1_000_000);
    return new ChaosSettings(chosen(), Duration.ofMinutes(minutes), drawn, perSecond);
  }

  private List<Fault> chosen() {
    if (isStorm) {
      return List.of(new KillStorm(Duration.ofMinutes(minutes)));
    }
    if (isShort) {
      return named(SHORT);
    }
    return faults.isEmpty()
        ? all().stream().filter(fault -> fault.missing().isEmpty()).toList()
        : named(faults);
  }

  private List<Fault> all() {
    boolean isSoak = minutes > 0 && faults.equals(List.of(Soak.ID));
    return Fault.all(
        previous == null ? null : previous.resolve(APP_FILE),
        isSoak ? Duration.ofMinutes(minutes) : Soak.BRIEF);
  }

  private List<Fault> named(List<String> ids) {
    List<Fault> named = new ArrayList<>();
    for (String id : ids) {
      Fault fault =
          all().stream()
              .filter(each -> each.id().equals(id))
              .findFirst()
              .orElseThrow(
                  () ->
                      refused(
                          "there is no fault '%s'; take some of %s"
                              .formatted(id, all().stream().map(Fault::id).toList())));
      if (!fault.missing().isEmpty()) {
        throw refused("%s needs %s".formatted(id, fault.missing()));
      }
      named.add(fault);
    }
    return named;
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static Path application() throws Refusal {
    String app = System.getProperty(APP);
    if (app == null || !Files.isRegularFile(Path.of(app))) {
      throw new Refusal(
          "There is no packaged coordinator to start (" + app + ")",
          "Build it with: mvn package, and run ./stepstream chaos");
    }
    return Path.of(app);
  }
}
