package io.stepstream.coordinator.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Some of what Kafka Streams and its clients measure, of all threads and stores of a lane together.
 * All of it, by thread, partition and store, would be thousands of series for each node.
 *
 * <p>Nothing of RocksDB: Kafka's measures of it read stores that may have been closed at that
 * moment, and the process dies (KAFKA-10025).
 *
 * <p>Read in the background, once for all scrapes. {@link #refresh} by one thread.
 */
final class StreamsFigures {

  private static final DoubleBinaryOperator SUM = Double::sum;
  private static final DoubleBinaryOperator MAX = Math::max;
  private static final DoubleBinaryOperator MIN = Math::min;

  /**
   * @param group of Kafka's metrics
   * @param together what threads, clients or stores make together
   * @param counts whether it only grows, until its thread is replaced
   */
  private record Figure(
      String group,
      String name,
      DoubleBinaryOperator together,
      String meter,
      boolean counts,
      String description) {

    /** Kafka measures latencies in milliseconds; Prometheus wants seconds. */
    boolean inMillis() {
      return name.contains("-latency-");
    }
  }

  private static final String THREAD = "stream-thread-metrics";
  private static final String GROUP = "consumer-coordinator-metrics";
  private static final String PRODUCER = "producer-metrics";

  private static final List<Figure> FIGURES =
      List.of(
          gauge(THREAD, "commit-rate", SUM, "streams.commit.rate", "Commits per second"),
          gauge(
              THREAD,
              "commit-latency-avg",
              MAX,
              "streams.commit.latency.avg.seconds",
              "Of the slowest thread, how long commits take on average"),
          gauge(
              THREAD,
              "commit-latency-max",
              MAX,
              "streams.commit.latency.max.seconds",
              "The longest commit lately"),
          gauge(THREAD, "process-rate", SUM, "streams.process.rate", "Records per second"),
          gauge(
              THREAD,
              "process-latency-avg",
              MAX,
              "streams.process.latency.avg.seconds",
              "Of the slowest thread, how long a record takes on average"),
          gauge(
              THREAD,
              "process-ratio",
              MAX,
              "streams.process.ratio",
              "Of the busiest thread, the share of its time that goes into records"),
          gauge(
              THREAD,
              "punctuate-ratio",
              MAX,
              "streams.punctuate.ratio",
              "Of the busiest thread, the share of its time that goes into timers"),
          gauge(
              THREAD,
              "commit-ratio",
              MAX,
              "streams.commit.ratio",
              "Of the busiest thread, the share of its time that goes into commits"),
          counter(
              GROUP,
              "rebalance-total",
              MAX,
              "streams.rebalances",
              "Rebalances that the lane's group has made since the node began"),
          counter(
              GROUP,
              "failed-rebalance-total",
              MAX,
              "streams.rebalances.failed",
              "Rebalances that failed"),
          gauge(
              GROUP,
              "last-rebalance-seconds-ago",
              MIN,
              "streams.last.rebalance.age.seconds",
              "Since the last rebalance; -1: there was none"),
          gauge(
              "stream-state-updater-metrics",
              "restore-records-rate",
              SUM,
              "streams.restore.rate",
              "Records per second that stores are read back with"),
          counter(
              PRODUCER,
              "record-error-total",
              SUM,
              "streams.producer.errors",
              "Records that could not be sent"),
          counter(
              PRODUCER,
              "record-retry-total",
              SUM,
              "streams.producer.retries",
              "Records that were sent again"),
          gauge(
              PRODUCER,
              "request-latency-avg",
              MAX,
              "streams.producer.latency.avg.seconds",
              "How long the brokers take to answer the slowest producer"));

  private static Figure gauge(
      String group, String name, DoubleBinaryOperator together, String meter, String description) {
    return new Figure(group, name, together, "stepstream." + meter, false, description);
  }

  private static Figure counter(
      String group, String name, DoubleBinaryOperator together, String meter, String description) {
    return new Figure(group, name, together, "stepstream." + meter, true, description);
  }

  private final Supplier<Map<MetricName, ? extends Metric>> metrics;
  private volatile double[] values = nothing();

  StreamsFigures(
      Supplier<Map<MetricName, ? extends Metric>> metrics, Tags lane, MeterRegistry registry) {
    this.metrics = metrics;
    for (int i = 0; i < FIGURES.size(); i++) {
      Figure figure = FIGURES.get(i);
      int at = i;
      if (figure.counts()) {
        FunctionCounter.builder(figure.meter(), this, self -> zeroIfUnknown(self.values[at]))
            .description(figure.description())
            .tags(lane)
            .register(registry);
      } else {
        Gauge.builder(figure.meter(), this, self -> self.values[at])
            .description(figure.description())
            .tags(lane)
            .register(registry);
      }
    }
  }

  private static double zeroIfUnknown(double value) {
    return Double.isNaN(value) ? 0 : value;
  }

  private static double[] nothing() {
    double[] none = new double[FIGURES.size()];
    Arrays.fill(none, Double.NaN);
    return none;
  }

  void refresh() {
    double[] read = nothing();
    for (Map.Entry<MetricName, ? extends Metric> metric : metrics.get().entrySet()) {
      for (int i = 0; i < read.length; i++) {
        Figure figure = FIGURES.get(i);
        if (metric.getKey().group().equals(figure.group())
            && metric.getKey().name().equals(figure.name())
            && metric.getValue().metricValue() instanceof Number number
            && !Double.isNaN(number.doubleValue())) {
          double value = number.doubleValue() * (figure.inMillis() ? 0.001 : 1);
          read[i] = Double.isNaN(read[i]) ? value : figure.together().applyAsDouble(read[i], value);
        }
      }
    }
    values = read;
  }
}
