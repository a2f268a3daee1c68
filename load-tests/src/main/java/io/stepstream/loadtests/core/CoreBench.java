package io.stepstream.loadtests.core;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs all benchmarks of this package. */
final class CoreBench {

  private static final TimeValue SECOND = TimeValue.seconds(1);

  private CoreBench() {}

  /**
   * Takes as many seconds as the settings say, and one more, for each benchmark.
   *
   * @throws RunnerException when one of them fails, or another JMH is at work on this machine
   */
  static CoreReport run(CoreSettings settings) throws RunnerException {
    Options options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(CoreBench.class.getPackageName() + ".") + ".*Benchmark\\.")
            .mode(settings.mode())
            .timeUnit(TimeUnit.SECONDS)
            .forks(settings.forks())
            .warmupForks(0)
            .warmupIterations(settings.warmUpSeconds())
            .warmupTime(SECOND)
            .measurementIterations(settings.seconds())
            .measurementTime(SECOND)
            .threads(1)
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .build();
    // JMH would print its progress to standard output, where the result alone belongs.
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Runner runner =
        new Runner(options, OutputFormatFactory.createFormatInstance(nowhere, VerboseMode.SILENT));
    List<Figure> figures = runner.run().stream().map(Figure::of).toList();
    return new CoreReport(settings, figures);
  }
}
