package io.stepstream.loadtests;

import java.time.Duration;
import java.util.Map;

/**
 * What a run is told.
 *
 * @param window measured, after the warm-up, for throughput and again for latency
 * @param warmUp under load, before the window
 * @param inFlight executions begun and not ended, at most, while throughput is measured
 * @param partitions of the topics and stores, for the floor as for the engine
 * @param payloadBytes of an execution's input
 * @param items of a Map, or executions that wait; 0 where the scenario has neither
 * @param repeats how often a Map is run, or windows of throughput are measured after one warm-up
 * @param streams settings of Kafka Streams that override the coordinator's, for floor and engine
 *     alike
 */
record BenchSettings(
    Scenario scenario,
    Duration window,
    Duration warmUp,
    int inFlight,
    int partitions,
    int payloadBytes,
    int items,
    int repeats,
    Map<String, String> streams) {

  /** How long is measured if nobody says otherwise. */
  static final int SECONDS = 20;

  /** Two JVMs on few cores compile for more than a minute. */
  static final int WARM_UP_SECONDS = 90;

  /** A few for a median. */
  static final int REPEATS = 3;

  static final int PARTITIONS = 8;
  static final int PAYLOAD_BYTES = 512;

  /** Queue partitions: the embedded stack's number. */
  static final int QUEUE_PARTITIONS = 4;

  /** Starts per second while latency is measured. */
  static final int PACED_PER_SECOND = 50;

  /** As the scenario comes. */
  static BenchSettings of(
      Scenario scenario, Duration window, Duration warmUp, int partitions, int payloadBytes) {
    int inFlight = scenario.inFlight();
    return switch (scenario) {
      case LoadScenario _ ->
          new BenchSettings(
              scenario, window, warmUp, inFlight, partitions, payloadBytes, 0, REPEATS, Map.of());
      case MapScenario map ->
          new BenchSettings(
              map,
              window,
              warmUp,
              inFlight,
              partitions,
              payloadBytes,
              map.items(),
              map.repeats(),
              Map.of());
      case TimerScenario timers ->
          new BenchSettings(
              timers,
              window,
              warmUp,
              inFlight,
              partitions,
              payloadBytes,
              timers.executions(),
              1,
              Map.of());
      case PacedScenario paced ->
          new BenchSettings(
              paced,
              window,
              warmUp,
              inFlight,
              partitions,
              payloadBytes,
              paced.items(),
              1,
              Map.of());
      case ApiScenario api ->
          new BenchSettings(
              api, window, warmUp, inFlight, partitions, payloadBytes, 0, 1, Map.of());
    };
  }

  BenchSettings withInFlight(int executions) {
    return new BenchSettings(
        scenario, window, warmUp, executions, partitions, payloadBytes, items, repeats, streams);
  }

  BenchSettings withWarmUp(Duration time) {
    return new BenchSettings(
        scenario, window, time, inFlight, partitions, payloadBytes, items, repeats, streams);
  }

  BenchSettings withItems(int count) {
    return new BenchSettings(
        scenario, window, warmUp, inFlight, partitions, payloadBytes, count, repeats, streams);
  }

  BenchSettings withRepeats(int count) {
    return new BenchSettings(
        scenario, window, warmUp, inFlight, partitions, payloadBytes, items, count, streams);
  }

  BenchSettings withStreams(Map<String, String> overrides) {
    return new BenchSettings(
        scenario,
        window,
        warmUp,
        inFlight,
        partitions,
        payloadBytes,
        items,
        repeats,
        Map.copyOf(overrides));
  }
}
