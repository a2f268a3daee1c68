package io.stepstream.loadtests;

import static io.stepstream.loadtests.ResultJson.rounded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * How many executions a second are started through the API, and by records on the topic of starts.
 * All of them run to their ends on the same machine meanwhile.
 *
 * @param express unnamed starts of an Express machine, answered when they are durable
 * @param standard named starts of a Standard machine, answered when its single writer has decided
 */
record ApiStartsResult(BenchSettings settings, Path express, Path standard) implements PacedResult {

  /**
   * Of one type of machine.
   *
   * @param http answers per second
   * @param answer from a call to its answer
   * @param httpEnded executions that ended per second meanwhile
   * @param kafkaEnded the same when they were started by records
   */
  record Path(double http, Percentiles answer, double httpEnded, double kafkaEnded) {

    private Row row(String what) {
      return new Row(
          "%s: %.0f/s over HTTP, %.0f/s by records".formatted(what, http, kafkaEnded), answer);
    }

    private void into(ObjectNode json) {
      json.put("http_starts_per_s", rounded(http, 1));
      answer.into(json);
      json.put("http_ended_per_s", rounded(httpEnded, 1));
      json.put("kafka_ended_per_s", rounded(kafkaEnded, 1));
      json.put("ratio", rounded(http / kafkaEnded, 3));
    }
  }

  @Override
  public String json() {
    ObjectNode json = ResultJson.begin(settings);
    json.put("seconds", settings.window().toSeconds());
    express.into(json.putObject("express_unnamed"));
    standard.into(json.putObject("standard_named"));
    return ResultJson.end(json, settings);
  }

  @Override
  public List<Row> rows() {
    return List.of(
        express.row("api-starts, unnamed Express"), standard.row("api-starts, named Standard"));
  }
}
