package io.stepstream.loadtests.core;

import io.stepstream.asl.definition.QueryLanguage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What was measured of one benchmark.
 *
 * @param name as {@code step.pass}
 * @param language of the machine's expressions; null: it isn't varied
 * @param error half of the 99.9 % confidence interval of {@code perSecond}; NaN of fewer than three
 *     iterations
 * @param bytes allocated per call
 */
record Figure(
    String name, @Nullable QueryLanguage language, double perSecond, double error, double bytes) {

  static Figure of(RunResult result) {
    BenchmarkParams params = result.getParams();
    String benchmark = params.getBenchmark();
    String type = benchmark.substring(0, benchmark.lastIndexOf('.'));
    String group = type.substring(type.lastIndexOf('.') + 1).replace("Benchmark", "");
    String language = params.getParam("language");
    double score = result.getPrimaryResult().getScore();
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    if (allocated == null) {
      throw new IllegalStateException("JMH's GC profiler has told nothing of " + benchmark);
    }
    return new Figure(
        group.toLowerCase(Locale.ROOT) + benchmark.substring(benchmark.lastIndexOf('.')),
        language == null ? null : QueryLanguage.valueOf(language),
        params.getMode() == Mode.Throughput ? score : 1 / score,
        result.getPrimaryResult().getScoreError(),
        allocated.getScore());
  }

  double micros() {
    return 1_000_000 / perSecond;
  }
}
