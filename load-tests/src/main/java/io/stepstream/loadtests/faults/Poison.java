package io.stepstream.loadtests.faults;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.InspectExecution;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Records that nobody can read, or can have meant, on every topic that is consumed. */
final class Poison implements Fault {

  private static final int RECORDS = 1_000;
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** What a stream thread that died of a record leaves in the log. */
  private static final String REPLACED = "failed and is replaced";

  private static final String NOWHERE = "arn:aws:states:us-east-1:000000000000:execution:no:where";

  private static final List<String> TOPICS =
      List.of(
          Topics.START_EXECUTION,
          "stepstream.std.inbox",
          "stepstream.std.peer",
          "stepstream.exp.inbox",
          "stepstream.exp.peer",
          Topics.tasks(Worker.QUEUE),
          Topics.DEFINITIONS,
          Topics.WORKERS);

  private int rounds;

  @Override
  public String id() {
    return "F-14";
  }

  @Override
  public String title() {
    return "%,d poison records".formatted(RECORDS);
  }

  @Override
  public String criterion() {
    return "each is a dead letter with a reason, no process and no stream thread ends";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    Cluster cluster = experiment.cluster();
    String prefix = "poison-" + ++rounds + "-";
    PoisonCheck check =
        new PoisonCheck((subject, what) -> experiment.violated(Invariant.I11, subject, what));
    List<PoisonCheck.Life> before = lives(cluster);
    experiment.say("%d poison records on %d topics".formatted(RECORDS, TOPICS.size()));
    send(cluster, experiment.random(), prefix);
    Set<String> poison =
        IntStream.range(0, RECORDS).mapToObj(i -> prefix + i).collect(Collectors.toSet());
    long deadline = System.nanoTime() + LONGEST.toNanos();
    Set<String> missing = missing(check, cluster, poison);
    while (!missing.isEmpty() && System.nanoTime() < deadline) {
      experiment.pause(LOOK);
      missing = missing(check, cluster, missing);
    }
    if (!missing.isEmpty()) {
      experiment.violated(
          Invariant.I11,
          Topics.DLQ,
          "%d of %d poison records are no dead letters, such as %s"
              .formatted(missing.size(), RECORDS, missing.iterator().next()));
    }
    check.lives(before, lives(cluster));
  }

  private static Set<String> missing(PoisonCheck check, Cluster cluster, Set<String> poison) {
    return check.missing(
        poison, each -> Reading.all(cluster.bootstrapServers(), List.of(Topics.DLQ), each));
  }

  private static List<PoisonCheck.Life> lives(Cluster cluster) {
    return cluster.members().stream()
        .map(
            member ->
                new PoisonCheck.Life(
                    member.name(),
                    member.isAlive(),
                    member.pid(),
                    member instanceof NodeMember node ? replaced(node) : 0))
        .toList();
  }

  private static void send(Cluster cluster, Random random, String prefix) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        String topic = TOPICS.get(i % TOPICS.size());
        byte[] key = (prefix + i).getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, key, value(topic, i, random)));
      }
      producer.flush();
    }
  }

  private static byte[] value(String topic, int i, Random random) {
    return switch (i / TOPICS.size() % 5) {
      case 0 -> "not a record at all".getBytes(StandardCharsets.UTF_8);
      // Confluent's wire format with an id that no schema has.
      case 1 -> new byte[] {0, 0x7f, 0x7f, 0x7f, 0x7f, 2, 4, 6};
      case 2 -> new byte[0];
      case 3 -> {
        byte[] noise = new byte[1 + random.nextInt(100_000)];
        random.nextBytes(noise);
        yield noise;
      }
      default -> {
        byte[] whole = impossible(topic);
        // Half of them cut short.
        yield i % 2 == 0 ? whole : Arrays.copyOf(whole, whole.length / 2);
      }
    };
  }

  /** Readable where the topic is one of commands, and yet nothing that can be carried out. */
  private static byte[] impossible(String topic) {
    if (topic.equals(Topics.START_EXECUTION)) {
      return Reading.codec(StartExecution.class, topic)
          .encode(
              new StartExecution(
                  "arn:aws:states:x:y:stateMachine:none", null, Payloads.of("{}"), null));
    }
    if (topic.startsWith("stepstream.std.") || topic.startsWith("stepstream.exp.")) {
      return Reading.codec(Envelope.class, topic)
          .encode(new Envelope(NOWHERE, 9, 0L, 0, 0L, null, new InspectExecution(false)));
    }
    // A record of another topic.
    return Reading.codec(Envelope.class, "stepstream.std.inbox")
        .encode(new Envelope(NOWHERE, 1, 0L, 0, 0L, null, new TaskSucceeded(Payloads.of("{}"))));
  }

  private static int replaced(NodeMember node) {
    try {
      return (int)
          Files.readAllLines(node.log()).stream().filter(line -> line.contains(REPLACED)).count();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + node.log(), e);
    }
  }
}
