package io.stepstream.loadtests;

import io.stepstream.dev.Refusal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stepstream bench growth}. */
@Command(
    name = "stepstream bench growth",
    description = {
      "Measures what an execution costs with larger payloads and beside more and more executions"
          + " that wait, and what an item costs in larger Maps, and writes one page with plots.",
      "Progress goes to standard error; each point prints a line of JSON on standard output. A"
          + " section that fails is told of, and the others go on."
    },
    mixinStandardHelpOptions = true)
final class GrowthCommand implements Callable<Integer> {

  static final String NAME = "growth";

  private static final int MOST_OPEN = 10_000_000;

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
          "Few small points of a second each: shows that everything runs, and hardly more.")
  private boolean brief;

  @Option(
      names = "--open",
      paramLabel = "N",
      description =
          "The largest number of executions that wait; of 1,000, 10,000 and 100,000 those below"
              + " come before it (default: ${DEFAULT-VALUE}; with --short at most 1,000).",
      defaultValue = "1000000")
  private int open;

  @Option(
      names = "--section",
      paramLabel = "SECTION",
      converter = SectionConverter.class,
      description =
          "Only this one: express-payload, standard-payload, map or open. May be given more than"
              + " once.")
  private List<Growth.Section> sections = List.of(Growth.Section.values());

  @Override
  public Integer call() throws Refusal, InterruptedException {
    ReportFile file = ReportFile.of(spec, report);
    Options.within(spec, "--open", open, 1, MOST_OPEN);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Instant begun = Instant.now();
    List<GrowthPoint> points = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    Growth growth =
        new Growth(
            brief ? Growth.Plan.brief(open) : Growth.Plan.full(open),
            BenchCommand.progress(err),
            point -> {
              points.add(point);
              out.println(point.json());
              out.flush();
              // After each, so that what an hour has found out survives a Ctrl-C.
              file.write(new GrowthPage(begun, brief, points, failures).html());
            });
    for (Growth.Section section : sections) {
      BenchCommand.progress(err).accept(section.toString());
      try {
        growth.measure(section);
      } catch (BenchFailure failure) {
        failures.add(section + ": " + failure.getMessage());
        err.println("stepstream: " + failures.getLast());
      }
    }
    file.write(new GrowthPage(begun, brief, points, failures).html());
    return failures.isEmpty() ? 0 : BenchCommand.FAILED;
  }

  static final class SectionConverter implements ITypeConverter<Growth.Section> {
    @Override
    public Growth.Section convert(String name) {
      return Options.named(
          name, List.of(Growth.Section.values()), "there is no section '%s'; take one of %s");
    }
  }
}
