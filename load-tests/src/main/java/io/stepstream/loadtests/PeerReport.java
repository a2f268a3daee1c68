package io.stepstream.loadtests;

import static io.stepstream.loadtests.ResultJson.rounded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The figures of a comparison.
 *
 * @param ours one row for each lane
 */
record PeerReport(
    Duration window, Duration warmUp, List<EngineFigures> ours, List<EngineFigures> peers) {

  private static final ObjectMapper JSON = new ObjectMapper();

  PeerReport {
    ours = List.copyOf(ours);
    peers = List.copyOf(peers);
  }

  private Stream<EngineFigures> all() {
    return Stream.concat(ours.stream(), peers.stream());
  }

  /** Nothing has failed. */
  boolean complete() {
    return all().allMatch(engine -> engine.failure() == null);
  }

  /** A table in Markdown, and below it why something is missing. */
  String table() {
    StringBuilder table = new StringBuilder("| %-18s".formatted("engine"));
    StringBuilder rule = new StringBuilder("|").append("-".repeat(19));
    for (Work work : Work.values()) {
      table.append(" | %16s".formatted(work.heading()));
      rule.append("|").append("-".repeat(17)).append(":");
    }
    table.append(" |\n").append(rule).append("|\n");
    all()
        .forEach(
            engine -> {
              table.append("| %-18s".formatted(engine.engine()));
              for (Work work : Work.values()) {
                table.append(" | %16s".formatted(cell(engine, work)));
              }
              table.append(" |\n");
            });
    all()
        .filter(engine -> engine.failure() != null)
        .forEach(engine -> table.append("\n%s: %s\n".formatted(engine.engine(), engine.failure())));
    return table.toString();
  }

  private static String cell(EngineFigures engine, Work work) {
    return switch (engine.figures().get(work)) {
      case null -> "";
      case WorkFigure.Rate(double perSecond) -> String.format(Locale.ROOT, "%,.0f", perSecond);
      case WorkFigure.Latency(double p50, double p99) ->
          String.format(Locale.ROOT, "%.1f / %.1f", p50, p99);
    };
  }

  /** One line of JSON. */
  String json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("scenario", PeersCommand.NAME);
    json.put("seconds", window.toSeconds());
    json.put("warmup_seconds", warmUp.toSeconds());
    ArrayNode engines = json.putArray("engines");
    all().forEach(engine -> put(engines.addObject(), engine));
    ObjectNode ratios = json.putObject("ratios");
    for (Work work : Work.values()) {
      best(work).ifPresent(peer -> putRatios(ratios.putObject(work.label()), work, peer));
    }
    json.put("cores", Runtime.getRuntime().availableProcessors());
    json.put("java", Runtime.version().toString());
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and strings can be written", e);
    }
  }

  private static void put(ObjectNode json, EngineFigures engine) {
    json.put("engine", engine.engine());
    engine
        .figures()
        .forEach(
            (work, figure) -> {
              ObjectNode each = json.putObject(work.label());
              switch (figure) {
                case WorkFigure.Rate(double perSecond) -> each.put("per_s", rounded(perSecond, 1));
                case WorkFigure.Latency(double p50, double p99) -> {
                  each.put("p50_ms", rounded(p50, 2));
                  each.put("p99_ms", rounded(p99, 2));
                }
              }
            });
    if (engine.failure() != null) {
      json.put("failure", engine.failure());
    }
  }

  /** The peer that did the work best: the most per second, or the lowest median. */
  private Optional<EngineFigures> best(Work work) {
    ToDoubleFunction<EngineFigures> merit =
        engine ->
            switch (engine.figures().get(work)) {
              case null -> throw new IllegalStateException("not among those with a figure");
              case WorkFigure.Rate(double perSecond) -> perSecond;
              case WorkFigure.Latency(double p50, double _) -> -p50;
            };
    return peers.stream()
        .filter(peer -> peer.figures().containsKey(work))
        .max(Comparator.comparingDouble(merit));
  }

  /** Ours over the peer's: more is better with rates, less with latencies. */
  private void putRatios(ObjectNode json, Work work, EngineFigures peer) {
    json.put("better_peer", peer.engine());
    for (EngineFigures engine : ours) {
      switch (engine.figures().get(work)) {
        case null -> {
          // This lane has no such scenario.
        }
        case WorkFigure.Rate(double perSecond) -> {
          if (peer.figures().get(work) instanceof WorkFigure.Rate(double theirs)) {
            json.put(engine.engine(), rounded(perSecond / theirs, 2));
          }
        }
        case WorkFigure.Latency(double p50, double p99) -> {
          if (peer.figures().get(work)
              instanceof WorkFigure.Latency(double theirP50, double theirP99)) {
            ObjectNode both = json.putObject(engine.engine());
            both.put("p50", rounded(p50 / theirP50, 2));
            both.put("p99", rounded(p99 / theirP99, 2));
          }
        }
      }
    }
  }
}
