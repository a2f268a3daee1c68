package io.stepstream.loadtests.faults;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.WorkerAnnouncement;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.TopicProvisioner;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A worker as no runtime of ours is: it answers the first attempt of each task when it has timed
 * out, by another result, and any further one at once.
 */
final class LateAnswers implements AutoCloseable {

  private static final Duration TOO_LATE = Duration.ofMillis(1_500);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final String POOL = "chaos-late";

  private record Due(Instant at, TaskOrder order) {}

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Producer<byte[], byte[]> producer;
  private final RecordCodec<TaskOrder> orders =
      Reading.codec(TaskOrder.class, Topics.tasks(Template.LATE_QUEUE));
  private final Queue<Due> due = new ArrayDeque<>();
  private final AtomicInteger late = new AtomicInteger();
  private final Thread thread = Thread.ofPlatform().daemon().name("late").unstarted(this::serve);
  private volatile boolean closing;

  private LateAnswers(KafkaConsumer<byte[], byte[]> consumer, Producer<byte[], byte[]> producer) {
    this.consumer = consumer;
    this.producer = producer;
  }

  /** Serves the function of {@link Template#LATE}, from what is ordered now on. */
  static LateAnswers start(Cluster cluster) {
    String bootstrapServers = cluster.bootstrapServers();
    try (Admin admin = cluster.admin()) {
      var _ = new TopicProvisioner(admin, Cluster.LAYOUT).provisionQueue(Template.LATE_QUEUE);
    }
    LateAnswers answers =
        new LateAnswers(
            Reading.consumer(bootstrapServers),
            new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
    var partitions =
        Reading.partitions(answers.consumer, List.of(Topics.tasks(Template.LATE_QUEUE)));
    answers.consumer.assign(partitions);
    answers.consumer.seekToEnd(partitions);
    // It seeks when it is asked where it is: orders may come at once.
    partitions.forEach(answers.consumer::position);
    answers.announce();
    answers.thread.start();
    return answers;
  }

  private void announce() {
    WorkerAnnouncement announcement =
        new WorkerAnnouncement(
            POOL, Template.LATE_QUEUE, List.of(Template.LATE_FUNCTION), "chaos", Instant.now());
    producer.send(
        new ProducerRecord<>(
            Topics.WORKERS,
            (POOL + "/" + Template.LATE_QUEUE).getBytes(StandardCharsets.UTF_8),
            Reading.codec(WorkerAnnouncement.class, Topics.WORKERS).encode(announcement)));
    producer.flush();
  }

  private void serve() {
    try (consumer) {
      while (!closing) {
        try {
          consumer.poll(POLL).forEach(this::take);
        } catch (WakeupException _) {
          // It is closing.
        } catch (KafkaException _) {
          // It goes on where it was.
        }
        while (!due.isEmpty() && due.peek().at().isBefore(Instant.now())) {
          late.incrementAndGet();
          answer(due.remove().order(), "{\"late\":true}");
        }
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    TaskOrder order = Reading.value(orders, record);
    if (order == null) {
      return;
    }
    if (order.getRetryCount() == 0 && order.getDeadline() != null) {
      due.add(new Due(order.getDeadline().plus(TOO_LATE), order));
    } else {
      answer(order, Worker.squared(Api.json(Payloads.text(order.getInput()))).toString());
    }
  }

  private void answer(TaskOrder order, String output) {
    Envelope envelope =
        Envelope.newBuilder()
            .setExecutionArn(order.getExecutionArn())
            .setFrameId(order.getFrameId())
            .setEpoch(order.getEpoch())
            .setBody(new TaskSucceeded(Payloads.of(output)))
            .build();
    producer.send(
        new ProducerRecord<>(
            order.getInboxTopic(),
            order.getInboxPartition(),
            order.getExecutionArn().getBytes(StandardCharsets.UTF_8),
            Reading.codec(Envelope.class, order.getInboxTopic()).encode(envelope)));
  }

  /** How many results were sent when nobody waited for them any more. */
  int late() {
    return late.get();
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    producer.close();
  }
}
