package io.stepstream.loadtests;

import static io.stepstream.loadtests.ResultJson.rounded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Small executions alone and beside a Map.
 *
 * @param itemsPerSecond what the Map got done meanwhile
 */
record MixedResult(BenchSettings settings, Lanes alone, Lanes beside, double itemsPerSecond)
    implements PacedResult {

  /**
   * Latencies from start to end.
   *
   * @param all of both lanes together
   */
  record Lanes(Percentiles express, Percentiles standard, Percentiles all) {}

  @Override
  public String json() {
    ObjectNode json = ResultJson.begin(settings);
    json.put("seconds", settings.window().toSeconds());
    json.put("paced_per_s", BenchSettings.PACED_PER_SECOND);
    put(json.putObject("alone"), alone);
    put(json.putObject("beside_map"), beside);
    ObjectNode ratio = json.putObject("p99_ratio");
    ratio.put("express", rounded(ratio(beside.express(), alone.express()), 2));
    ratio.put("standard", rounded(ratio(beside.standard(), alone.standard()), 2));
    ratio.put("all", rounded(ratio(beside.all(), alone.all()), 2));
    json.put("items", settings.items());
    json.put("items_per_s", rounded(itemsPerSecond, 1));
    return ResultJson.end(json, settings);
  }

  private static void put(ObjectNode json, Lanes lanes) {
    lanes.express().into(json.putObject("express"));
    lanes.standard().into(json.putObject("standard"));
    lanes.all().into(json.putObject("all"));
  }

  private static double ratio(Percentiles beside, Percentiles alone) {
    return beside.p99Millis() / alone.p99Millis();
  }

  @Override
  public List<Row> rows() {
    String map = "beside a Map of %,d items".formatted(settings.items());
    return List.of(
        new Row("mixed: express-task alone", alone.express()),
        new Row("mixed: express-task " + map, beside.express()),
        new Row("mixed: standard-task alone", alone.standard()),
        new Row("mixed: standard-task " + map, beside.standard()),
        new Row("mixed: both alone", alone.all()),
        new Row("mixed: both " + map, beside.all()));
  }
}
