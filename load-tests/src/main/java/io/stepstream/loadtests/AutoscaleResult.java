package io.stepstream.loadtests;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.loadtests.TimePlot.Curve;
import io.stepstream.loadtests.TimePlot.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What came of a run of the scaling loop.
 *
 * @param tasks as the topics tell of them
 */
record AutoscaleResult(
    AutoscaleSettings settings, List<AutoscaleSample> samples, AppliedTasks tasks) {

  AutoscaleResult {
    samples = List.copyOf(samples);
  }

  /** Why it didn't show what it was to show; none: it did. */
  List<String> failures() {
    List<String> failures = new ArrayList<>(tasks.failures());
    AutoscaleSample last = samples.getLast();
    if (last.backlog() != 0) {
      failures.add("the backlog was %.0f at the end".formatted(last.backlog()));
    }
    if (last.workers() != settings.scaler().least()) {
      failures.add("%d workers were left".formatted(last.workers()));
    }
    int most = samples.stream().mapToInt(AutoscaleSample::workers).max().orElse(0);
    if (most <= settings.scaler().least()) {
      failures.add("there were never more than %d workers".formatted(most));
    }
    return List.copyOf(failures);
  }

  String svg() {
    return new TimePlot(
            "Workers follow " + settings.metric(),
            List.of(
                curve("starts per second", "#666", AutoscaleSample::rate),
                curve(
                    "%s{queue=\"%s\"}".formatted(settings.metric(), AutoscaleWorker.QUEUE),
                    "#b3261e",
                    AutoscaleSample::backlog),
                curve("workers that are ready", "#1a5fb4", AutoscaleSample::workers)))
        .svg();
  }

  private Curve curve(String name, String color, ToDoubleFunction<AutoscaleSample> value) {
    return new Curve(
        name,
        color,
        samples.stream().map(s -> new Point(s.seconds(), value.applyAsDouble(s))).toList());
  }

  String json() {
    ObjectNode json = ResultJson.object("scenario", AutoscaleCommand.NAME);
    json.put("metric", settings.metric());
    json.put("target", settings.scaler().target());
    json.put("seconds", settings.length().toSeconds());
    json.put("peak_starts_per_s", settings.peak());
    json.put("started", tasks.started());
    json.put("ended", tasks.ended());
    json.put("most_workers", samples.stream().mapToInt(AutoscaleSample::workers).max().orElse(0));
    json.put(
        "most_backlog",
        ResultJson.rounded(
            samples.stream().mapToDouble(AutoscaleSample::backlog).max().orElse(0), 0));
    ArrayNode failures = json.putArray("failures");
    failures().forEach(failures::add);
    ArrayNode all = json.putArray("samples");
    for (AutoscaleSample sample : samples) {
      all.addObject()
          .put("s", ResultJson.rounded(sample.seconds(), 1))
          .put("rate", ResultJson.rounded(sample.rate(), 1))
          .put("backlog", ResultJson.rounded(sample.backlog(), 0))
          .put("wanted", sample.wanted())
          .put("workers", sample.workers())
          .put("started", sample.started());
    }
    return ResultJson.line(json);
  }
}
