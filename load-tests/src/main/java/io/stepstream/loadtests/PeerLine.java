package io.stepstream.loadtests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Optional;

/** A line that a peer's script has printed: one work's figure. */
record PeerLine(Work work, WorkFigure figure) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Nothing if it isn't the JSON of a work's figure. */
  static Optional<PeerLine> read(String line) {
    JsonNode json;
    try {
      json = JSON.readTree(line);
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
    return Arrays.stream(Work.values())
        .filter(work -> work.label().equals(json.path("work").asText()))
        .findFirst()
        .flatMap(work -> figure(work, json).map(figure -> new PeerLine(work, figure)));
  }

  private static Optional<WorkFigure> figure(Work work, JsonNode json) {
    return switch (work) {
      case ONE_TASK, FIVE_NODES, FOR_EACH -> {
        double perSecond = json.path("per_s").asDouble();
        yield perSecond > 0 ? Optional.of(new WorkFigure.Rate(perSecond)) : Optional.empty();
      }
      case LATENCY -> {
        double p50 = json.path("p50_ms").asDouble();
        double p99 = json.path("p99_ms").asDouble();
        yield p50 > 0 && p99 > 0 ? Optional.of(new WorkFigure.Latency(p50, p99)) : Optional.empty();
      }
    };
  }
}
