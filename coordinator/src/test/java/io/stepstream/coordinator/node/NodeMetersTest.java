package io.stepstream.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepstream.coordinator.cluster.InMemoryCluster;
import io.stepstream.coordinator.cluster.InputLag;
import io.stepstream.coordinator.deadletter.InMemoryDeadLetters;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.queue.InMemoryQueues;
import io.stepstream.coordinator.queue.QueueLimits;
import io.stepstream.coordinator.queue.TaskQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeMetersTest {

  private static final Unavailable OUTAGE = new Unavailable("no broker", Duration.ofSeconds(1));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final InMemoryCluster cluster = new InMemoryCluster();
  private final InMemoryQueues queues = new InMemoryQueues();
  private final InMemoryDeadLetters letters = new InMemoryDeadLetters();
  private Instant now = Instant.parse("2026-09-01T12:00:00Z");
  private final NodeMeters meters = new NodeMeters(registry, () -> now);

  @BeforeEach
  void ask() {
    meters.ask(cluster, List.of(), queues, letters, () -> CompletableFuture.completedFuture(7));
  }

  @AfterEach
  void close() {
    meters.close();
  }

  private void queue(String name, Long backlog, List<String> workers, boolean paused) {
    queues.put(
        new TaskQueue(
            name, new QueueLimits(null, null, paused), null, backlog, workers, List.of()));
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  private double age(String figures) {
    return gauge("stepstream.figures.age", "figures", figures);
  }

  @Test
  void shouldTellOfEachQueueWhatIsKnown() {
    queue("a", 12L, List.of("w1", "w2"), false);
    queue("b", 0L, List.of(), true);
    queue("never-served", null, null, false);
    meters.round();

    assertThat(gauge("stepstream.task.backlog", "queue", "a")).isEqualTo(12);
    assertThat(gauge("stepstream.task.workers", "queue", "a")).isEqualTo(2);
    assertThat(gauge("stepstream.task.workers", "queue", "b")).isZero();
    assertThat(gauge("stepstream.task.queue.paused", "queue", "a")).isZero();
    assertThat(gauge("stepstream.task.queue.paused", "queue", "b")).isEqualTo(1);
    assertThat(registry.find("stepstream.task.backlog").tag("queue", "never-served").gauges())
        .isEmpty();
  }

  @Test
  void shouldReadAllPagesOfQueues() {
    for (int i = 0; i < 450; i++) {
      queue("q" + i, (long) i, List.of(), false);
    }
    meters.round();

    assertThat(registry.find("stepstream.task.backlog").gauges()).hasSize(450);
    assertThat(gauge("stepstream.task.backlog", "queue", "q449")).isEqualTo(449);
  }

  @Test
  void shouldKeepTheLastAnswerWithItsAgeAndGoOnWithTheNext() {
    queue("a", 12L, List.of("w"), false);
    meters.round();
    queues.failWith(OUTAGE);
    cluster.failWith(OUTAGE);
    now = now.plusSeconds(90);
    meters.round();

    assertThat(gauge("stepstream.task.backlog", "queue", "a")).isEqualTo(12);
    assertThat(age("queues")).isEqualTo(90);
    assertThat(age("inputs")).isEqualTo(90);
    assertThat(age("executions")).as("answered").isZero();

    queues.failWith(null);
    queue("a", 5L, List.of("w"), false);
    now = now.plusSeconds(10);
    meters.round();
    assertThat(gauge("stepstream.task.backlog", "queue", "a")).isEqualTo(5);
    assertThat(age("queues")).isZero();
    assertThat(age("inputs")).isEqualTo(100);
  }

  @Test
  void shouldForgetAQueueThatIsGone() {
    cluster.with(Set.of(), List.of(new InputLag("standard lane", "old-0", 3, 5)));
    meters.round();
    cluster.with(Set.of(), List.of(new InputLag("standard lane", "new-0", 4, 5)));
    meters.round();

    assertThat(registry.find("stepstream.input.lag").tag("topic", "old").gauges()).isEmpty();
    assertThat(gauge("stepstream.input.lag", "lane", "standard", "topic", "new")).isEqualTo(4);
  }

  @Test
  void shouldAddUpTheLagOfATopic() {
    cluster.with(
        Set.of(),
        List.of(
            new InputLag("standard lane", "stepstream.std.inbox-0", 3, 5),
            new InputLag("standard lane", "stepstream.std.inbox-11", 4, 5),
            new InputLag("history view", "stepstream.std.history-0", 9, 5)));
    meters.round();

    assertThat(gauge("stepstream.input.lag", "lane", "standard", "topic", "stepstream.std.inbox"))
        .isEqualTo(7);
    assertThat(gauge("stepstream.input.lag", "lane", "history")).isEqualTo(9);
    assertThat(gauge("stepstream.input.stalled.seconds", "lane", "standard")).isZero();
  }

  @Test
  void shouldTellWhatTheNodeHasAndHowFarItIsBehind() {
    meters.round();

    assertThat(gauge("stepstream.partitions", "lane", "standard", "role", "active")).isEqualTo(1);
    assertThat(gauge("stepstream.partitions", "lane", "standard", "role", "standby")).isEqualTo(1);
    assertThat(gauge("stepstream.store.lag", "lane", "standard")).isEqualTo(43);
    assertThat(gauge("stepstream.restoring.records", "lane", "standard")).isEqualTo(40);
    assertThat(gauge("stepstream.executions.open")).isEqualTo(7);
  }

  @Test
  void shouldCountOpenLettersUpToABound() {
    letters.put(new ProducerRecord<>("stepstream.dlq", new byte[] {1}), 1);
    letters.put(new ProducerRecord<>("stepstream.dlq", new byte[] {2}), 2);
    meters.round();
    assertThat(gauge("stepstream.dead.letters.open")).isEqualTo(2);

    for (int i = 0; i < 2 * NodeMeters.MOST_LETTERS; i++) {
      letters.put(new ProducerRecord<>("stepstream.dlq", new byte[] {3}), i);
    }
    meters.round();
    assertThat(gauge("stepstream.dead.letters.open")).as("not at each round").isEqualTo(2);
    for (int round = 2; round < 7; round++) {
      meters.round();
    }
    assertThat(gauge("stepstream.dead.letters.open")).isEqualTo(NodeMeters.MOST_LETTERS);
  }

  @Test
  void shouldTellHowMuchRoomThePartsOfTheStateTake(@TempDir Path state) throws Exception {
    Files.writeString(state.resolve("node-id"), "a");
    Path store = Files.createDirectories(state.resolve("stepstream-standard/0_1/rocksdb"));
    Files.write(store.resolve("1.sst"), new byte[1_000]);
    Files.write(store.resolve("2.sst"), new byte[234]);
    Files.createDirectories(state.resolve("executions-index"));
    Files.write(state.resolve("executions-index/segment"), new byte[7]);

    meters.stateDirectory(state);
    meters.round();

    String name = "stepstream.state.files.bytes";
    assertThat(gauge(name, "directory", "stepstream-standard")).isEqualTo(1_234);
    assertThat(gauge(name, "directory", "executions-index")).isEqualTo(7);
    assertThat(registry.find(name).gauges()).hasSize(2);
    assertThat(gauge("stepstream.state.directory.size.bytes"))
        .isGreaterThanOrEqualTo(gauge("stepstream.state.directory.free.bytes"));
  }
}
