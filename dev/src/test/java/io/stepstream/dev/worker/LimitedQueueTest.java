package io.stepstream.dev.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepstream.coordinator.queue.AnnouncedPools;
import io.stepstream.coordinator.queue.KafkaTaskQueues;
import io.stepstream.coordinator.queue.QueueLimits;
import io.stepstream.coordinator.queue.TaskQueue;
import io.stepstream.schemas.QueueControl;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.TaskSourceKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The limits of a queue, as its two workers hold them together, on a real broker. */
final class LimitedQueueTest {

  private static final Duration SOON = Duration.ofMinutes(3);

  @TempDir static Path directory;
  private static TaskDesk desk;
  private static KafkaProducer<byte[], byte[]> producer;
  private static KafkaTaskQueues queues;

  @BeforeAll
  static void open() throws Exception {
    desk = TaskDesk.open(directory);
    Map<String, Object> config = Map.of("bootstrap.servers", desk.bootstrapServers());
    producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    queues =
        new KafkaTaskQueues(
            Admin.create(config),
            producer,
            () ->
                new KafkaConsumer<>(
                    config, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
            WireCodec.forTopic(QueueControl.class, Topics.QUEUES, SchemaRegistry.bundled()),
            new AnnouncedPools(),
            InstantSource.system());
    queues.start();
  }

  @AfterAll
  static void close() {
    queues.close();
    producer.close();
    desk.close();
  }

  private final String queue = desk.newName("limited");
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger placed = new AtomicInteger();
  private final Semaphore finish = new Semaphore(0);

  /**
   * One of the queue's workers. It serves queues of its own too, which are paused, and shows how
   * far it has followed the limits by running an order of one that isn't any more: it reads limits
   * in their order.
   */
  private final class Member implements AutoCloseable {
    final List<String> own = List.of(desk.newName("own"), desk.newName("own"), desk.newName("own"));
    final AtomicInteger warmUps = new AtomicInteger();
    final AtomicInteger marks = new AtomicInteger();
    final StepstreamWorker worker;
    int marked;

    Member(TaskSourceKind kind) {
      own.forEach(name -> limit(name, new QueueLimits(null, null, true)));
      worker =
          desk.worker(queue)
              .queues(queue, own.get(0), own.get(1), own.get(2))
              .source(kind)
              .function(
                  "warm-up",
                  input -> {
                    warmUps.incrementAndGet();
                    return input;
                  })
              .function(
                  "mark",
                  input -> {
                    marks.incrementAndGet();
                    return input;
                  })
              .handler(
                  "block",
                  (input, _) -> {
                    started.incrementAndGet();
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    finish.acquire();
                    running.decrementAndGet();
                    return input;
                  })
              .build()
              .start();
    }

    /** All limits that were set before hold in this worker when it returns. */
    void awaitLimits(String inbox) {
      String next = own.get(marked);
      desk.createQueue(next);
      desk.place(next, desk.order("mark" + marked, "mark", inbox, "1").build());
      limit(next, QueueLimits.NONE);
      marked++;
      await().atMost(SOON).until(() -> marks.get() == marked);
    }

    @Override
    public void close() {
      worker.close(Duration.ofSeconds(5));
    }
  }

  /**
   * Places orders until so many run: what one worker has fetched is of no use to another one that
   * has room.
   */
  private void awaitRunning(int wanted, String inbox) {
    int partitions = TopicLayout.singleBroker().queuePartitions();
    await()
        .atMost(SOON)
        .until(
            () -> {
              for (int partition = 0; partition < partitions; partition++) {
                desk.place(
                    queue,
                    partition,
                    desk.order("b" + placed.getAndIncrement(), "block", inbox, "1").build());
              }
              return running.get() == wanted;
            });
  }

  private static void limit(String queue, QueueLimits limits) {
    assertThat(queues.limit(queue, limits).toCompletableFuture().join()).isEqualTo(limits);
  }

  private static TaskQueue found(String queue) {
    return queues.find(queue).toCompletableFuture().join().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(TaskSourceKind.class)
  void shouldHoldTheLimitsOfAQueueOverAllItsWorkers(TaskSourceKind kind) throws Exception {
    String inbox = desk.newInbox();
    int partitions = TopicLayout.singleBroker().queuePartitions();
    desk.createQueue(queue);
    limit(queue, new QueueLimits(4, null, false));
    try (Member one = new Member(kind);
        Member two = new Member(kind)) {
      // Who runs something knows of the other, and the other of it.
      AtomicInteger warmUps = new AtomicInteger();
      await()
          .atMost(SOON)
          .until(
              () -> {
                int number = warmUps.getAndIncrement();
                desk.place(
                    queue,
                    number % partitions,
                    desk.order("w" + number, "warm-up", inbox, "1").build());
                return one.warmUps.get() > 0
                    && two.warmUps.get() > 0
                    && found(queue).workers() != null
                    && found(queue).workers().size() == 2;
              });

      awaitRunning(4, inbox);
      finish.release(4);
      awaitRunning(4, inbox);
      one.awaitLimits(inbox);
      two.awaitLimits(inbox);
      assertThat(most).hasValue(4);

      limit(queue, new QueueLimits(7, null, false));
      awaitRunning(7, inbox);

      limit(queue, new QueueLimits(7, null, true));
      one.awaitLimits(inbox);
      two.awaitLimits(inbox);
      int before = started.get();
      finish.release(7);
      await().atMost(SOON).until(() -> running.get() == 0);
      one.awaitLimits(inbox);
      two.awaitLimits(inbox);
      assertThat(started).hasValue(before);

      limit(queue, new QueueLimits(7, null, false));
      awaitRunning(7, inbox);
      assertThat(most).hasValue(7);

      finish.release(100_000);
      await()
          .atMost(SOON)
          .until(
              () ->
                  desk.results(inbox).stream().filter(r -> r.key().contains(":b")).count()
                      == placed.get());
      assertThat(most.get()).isLessThanOrEqualTo(7);
      if (kind == TaskSourceKind.SHARE_GROUP) {
        await().atMost(SOON).until(() -> Long.valueOf(0).equals(found(queue).backlog()));
      }
    }
  }

  @Test
  void shouldTellOfLimitsUntilTheyAreRemoved() {
    assertThat(queues.find("unheard-of").toCompletableFuture().join()).isEmpty();
    limit(queue, new QueueLimits(null, 2.5, false));
    await().atMost(SOON).until(() -> queues.find(queue).toCompletableFuture().join().isPresent());

    TaskQueue limited = found(queue);
    assertThat(limited.limits()).isEqualTo(new QueueLimits(null, 2.5, false));
    assertThat(limited.limitedAt()).isNotNull();
    assertThat(queues.list(null, 200).toCompletableFuture().join().queues())
        .anySatisfy(known -> assertThat(known.name()).isEqualTo(queue));
    limit(queue, QueueLimits.NONE);

    await().atMost(SOON).until(() -> queues.find(queue).toCompletableFuture().join().isEmpty());
  }
}
