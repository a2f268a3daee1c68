package io.stepstream.loadtests.faults;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.ExecutionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What was written to the Standard lane's inbox is written again, twice and in another order:
 * launches, results, stops; and results for executions that don't exist, or have ended.
 */
final class Duplicates implements Fault {

  private static final String INBOX = "stepstream.std.inbox";
  private static final int MOST = 1_000;
  private static final int STRAY = 200;

  @Override
  public String id() {
    return "F-15";
  }

  @Override
  public String title() {
    return "commands and results that come again, and strays";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    String bootstrapServers = experiment.cluster().bootstrapServers();
    Deque<ConsumerRecord<byte[], byte[]>> read = new ArrayDeque<>();
    Reading.all(
        bootstrapServers,
        List.of(INBOX),
        record -> {
          read.add(record);
          if (read.size() > MOST) {
            read.remove();
          }
        });
    List<ConsumerRecord<byte[], byte[]>> latest = new ArrayList<>(read);
    Collections.shuffle(latest, experiment.random());
    experiment.say("%d records of the inbox come twice again".formatted(latest.size()));
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < 2; i++) {
        for (ConsumerRecord<byte[], byte[]> record : latest) {
          producer.send(
              new ProducerRecord<>(INBOX, record.partition(), record.key(), record.value()));
        }
      }
      stray(experiment, producer);
      producer.flush();
    }
    experiment.pause(Duration.ofSeconds(3));
  }

  private static void stray(Experiment experiment, Producer<byte[], byte[]> producer) {
    RecordCodec<Envelope> codec = Reading.codec(Envelope.class, INBOX);
    List<Start> known =
        experiment.workload().starts().stream().filter(start -> start.arn() != null).toList();
    for (int i = 0; i < STRAY; i++) {
      String arn =
          i % 2 == 0
              ? experiment.anyOf(known).arn()
              : Start.arn(experiment.workload().machine(Template.BRIEF), "never-" + i);
      Envelope envelope =
          Envelope.newBuilder()
              .setExecutionArn(arn)
              .setFrameId(experiment.random().nextInt(4))
              // No attempt of ours gets so far: a result for one that waits would be a right one.
              .setEpoch(1_000 + i)
              .setBody(new TaskSucceeded(Payloads.of("{\"stray\":true}")))
              .build();
      producer.send(
          new ProducerRecord<>(
              INBOX,
              ExecutionKey.of(arn).partition(Cluster.PARTITIONS),
              arn.getBytes(StandardCharsets.UTF_8),
              codec.encode(envelope)));
    }
  }
}
