package io.stepstream.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

class StreamsFiguresTest {

  private final Map<MetricName, Metric> metrics = new HashMap<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final StreamsFigures figures =
      new StreamsFigures(() -> metrics, Tags.of("lane", "standard"), registry);

  private void put(String group, String name, String of, Object value) {
    MetricName key = new MetricName(name, group, "", Map.of("of", of));
    metrics.put(
        key,
        new Metric() {
          @Override
          public MetricName metricName() {
            return key;
          }

          @Override
          public Object metricValue() {
            return value;
          }
        });
  }

  private double gauge(String name) {
    return registry.get(name).tag("lane", "standard").gauge().value();
  }

  @Test
  void shouldPutThreadsStoresAndClientsTogether() {
    put("stream-thread-metrics", "process-rate", "a", 2.0);
    put("stream-thread-metrics", "process-rate", "b", 5.0);
    put("stream-thread-metrics", "commit-latency-max", "a", 2.0);
    put("stream-thread-metrics", "commit-latency-max", "b", 5.0);
    put("consumer-coordinator-metrics", "rebalance-total", "a", 3.0);
    put("consumer-coordinator-metrics", "rebalance-total", "b", 4.0);
    put("another-group", "process-rate", "a", 1000.0);
    figures.refresh();

    assertThat(gauge("stepstream.streams.process.rate")).isEqualTo(7);
    assertThat(gauge("stepstream.streams.commit.latency.max.seconds")).isEqualTo(0.005);
    assertThat(registry.get("stepstream.streams.rebalances").functionCounter().count())
        .isEqualTo(4);
  }

  @Test
  void shouldPassOverWhatIsNotKnown() {
    put("stream-thread-metrics", "commit-latency-avg", "a", Double.NaN);
    put("stream-thread-metrics", "commit-latency-avg", "b", 3.0);
    put("stream-thread-metrics", "process-rate", "a", "text");
    figures.refresh();

    assertThat(gauge("stepstream.streams.commit.latency.avg.seconds")).isEqualTo(0.003);
    assertThat(gauge("stepstream.streams.process.rate")).isNaN();
    assertThat(registry.get("stepstream.streams.producer.errors").functionCounter().count())
        .isZero();
  }

  /** Each of them would read a store that may have been closed. */
  @Test
  void shouldNotTouchWhatIsMeasuredOfStores() {
    for (String name :
        List.of("total-sst-files-size", "block-cache-usage", "background-errors", "process-rate")) {
      MetricName key = new MetricName(name, "stream-state-metrics", "", Map.of());
      metrics.put(
          key,
          new Metric() {
            @Override
            public MetricName metricName() {
              return key;
            }

            @Override
            public Object metricValue() {
              throw new AssertionError(name + " was read");
            }
          });
    }

    assertThatCode(figures::refresh).doesNotThrowAnyException();
  }
}
