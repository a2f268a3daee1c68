package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** What the scaling loop reads, and what it holds against a run. */
final class AutoscaleTest {

  private static final AutoscaleSettings SETTINGS =
      AutoscaleSettings.of("stepstream_task_backlog", Duration.ofSeconds(100), 20);

  private static HistoryRecord record(String arn, HistoryEventType... types) {
    HistoryRecord record = new HistoryRecord();
    record.setExecutionArn(arn);
    record.setLane(Lane.STANDARD);
    record.setEvents(
        Stream.of(types)
            .map(
                type -> {
                  HistoryEvent event = new HistoryEvent();
                  event.setType(type);
                  event.setTimestamp(Instant.EPOCH);
                  return event;
                })
            .toList());
    return record;
  }

  private static AppliedTasks tasks(HistoryRecord... records) {
    AppliedTasks tasks = new AppliedTasks(Set.of("a", "b"));
    Stream.of(records).forEach(tasks::add);
    return tasks;
  }

  @Test
  void shouldBeContentWithOneResultAndOneEndEach() {
    AppliedTasks tasks =
        tasks(
            record("a", HistoryEventType.TaskScheduled, HistoryEventType.TaskSucceeded),
            record("a", HistoryEventType.ExecutionSucceeded),
            record("b", HistoryEventType.TaskSucceeded, HistoryEventType.ExecutionSucceeded));

    assertThat(tasks.failures()).isEmpty();
    assertThat(tasks.ended()).isEqualTo(2);
  }

  @Test
  void shouldFindWhatIsLostAndWhatIsDoneTwice() {
    assertThat(
            tasks(
                    record(
                        "a",
                        HistoryEventType.TaskSucceeded,
                        HistoryEventType.TaskSucceeded,
                        HistoryEventType.ExecutionSucceeded))
                .failures())
        .containsExactly(
            "1 executions have not succeeded", "1 executions have more than one result or end");
    assertThat(
            tasks(
                    record("a", HistoryEventType.ExecutionSucceeded),
                    record("b", HistoryEventType.TaskFailed, HistoryEventType.ExecutionSucceeded),
                    record("c", HistoryEventType.TaskFailed, HistoryEventType.ExecutionSucceeded))
                .failures())
        .containsExactly(
            "1 executions have ended without a result",
            "1 executions have ended that nobody has started");
  }

  @Test
  void shouldReadAGaugeOfOneQueue() {
    PrometheusText text =
        new PrometheusText(
            """
            # HELP stepstream_task_backlog orders
            # TYPE stepstream_task_backlog gauge
            stepstream_task_backlog{queue="other"} 4.0
            stepstream_task_backlog{queue="scaled",lane="a"} 1.5E1
            stepstream_task_backlog{queue="scaled",lane="b"} 2 1700000000000
            stepstream_task_backlog{queue="scaled",lane="c"} NaN
            stepstream_task_backlog_max{queue="scaled"} 99
            """);

    assertThat(text.sum("stepstream_task_backlog", Map.of("queue", "scaled"))).hasValue(17);
    assertThat(text.sum("stepstream_task_backlog", Map.of("queue", "none"))).isEmpty();
    assertThat(new PrometheusText("").sum("stepstream_task_backlog", Map.of())).isEmpty();
  }

  @Test
  void shouldRiseAndFall() {
    assertThat(SETTINGS.rate(Duration.ZERO)).isEqualTo(2);
    assertThat(SETTINGS.rate(Duration.ofSeconds(35))).isEqualTo(20);
    assertThat(SETTINGS.rate(Duration.ofSeconds(59))).isEqualTo(20);
    assertThat(SETTINGS.rate(Duration.ofSeconds(99))).isEqualTo(1);
  }

  @Test
  void shouldSayWhatARunDidNotShow() throws Exception {
    AppliedTasks tasks = new AppliedTasks(Set.of());
    AutoscaleSample begin = new AutoscaleSample(0, 2, 0, 1, 1, 0);
    AutoscaleSample busy = new AutoscaleSample(1, 20, 30, 4, 3, 20);
    AutoscaleSample still = new AutoscaleSample(2, 0, 5, 2, 2, 20);

    AutoscaleResult well = new AutoscaleResult(SETTINGS, List.of(begin, busy, begin), tasks);
    assertThat(well.failures()).isEmpty();
    assertThat(well.json()).contains("\"most_workers\":3").contains("\"failures\":[]");
    assertThat(new AutoscaleResult(SETTINGS, List.of(begin, busy, still), tasks).failures())
        .containsExactly("the backlog was 5 at the end", "2 workers were left");
    assertThat(new AutoscaleResult(SETTINGS, List.of(begin, begin), tasks).failures())
        .containsExactly("there were never more than 1 workers");

    Document svg =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(well.svg())));
    assertThat(svg.getElementsByTagName("path").getLength()).isEqualTo(3);
    assertThat(well.svg()).contains("stepstream_task_backlog{queue=&quot;scaled&quot;}");
  }
}
