package io.stepstream.coordinator.growth;

import static io.stepstream.schemas.topic.AdminAnswers.await;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Spreads new executions over more partitions, while no coordinator runs. What has begun stays
 * where it is.
 *
 * <p>Partitions are added to the lanes' topics and to the changelogs of their stores, then the
 * number is remembered, which is the moment of the growth. It may be run again at any point.
 */
public final class Growth implements AutoCloseable {

  /** What became of it. */
  public sealed interface Outcome {

    /**
     * @param added topics that have got partitions now; none: it had been done before
     */
    record Grown(Generations generations, List<String> added) implements Outcome {}

    /** The number is what it was. */
    record Refused(String problem, String remedy) implements Outcome {}
  }

  /** Those whose stores grow with their topics. */
  private static final List<String> LANES =
      List.of(Topics.STANDARD_APPLICATION, Topics.EXPRESS_APPLICATION);

  /** The groups of all that a coordinator runs over these topics. */
  private static final List<String> GROUPS =
      List.of(
          Topics.STANDARD_APPLICATION, Topics.EXPRESS_APPLICATION, Topics.HISTORY_VIEW_APPLICATION);

  private static final String CHANGELOG = "-changelog";

  /** Brokers learn of partitions a moment after the controller has added them. */
  private static final Duration SEEN_WITHIN = Duration.ofSeconds(30);

  /** Longer than a coordinator that was killed, or was stopped without copies, stays a member. */
  private static final Duration MISSED_WITHIN = Duration.ofSeconds(15);

  private static final Duration LOOKS_EVERY = Duration.ofMillis(100);

  private final Admin admin;
  private final Consumer<byte[], byte[]> consumer;
  private final Producer<byte[], byte[]> producer;
  private final LayoutTopic layouts;

  private Growth(
      Admin admin,
      Consumer<byte[], byte[]> consumer,
      Producer<byte[], byte[]> producer,
      LayoutTopic layouts) {
    this.admin = admin;
    this.consumer = consumer;
    this.producer = producer;
    this.layouts = layouts;
  }

  /**
   * @param kafka how the cluster is reached, as properties of Kafka's clients; who they name may
   *     alter topics and describe groups
   * @param registry the coordinators'; the caller closes it
   */
  public static Growth of(Map<String, Object> kafka, SchemaRegistry registry) {
    Map<String, Object> reader = new HashMap<>(kafka);
    reader.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    reader.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    Map<String, Object> writer = new HashMap<>(kafka);
    writer.put(ProducerConfig.ACKS_CONFIG, "all");
    return new Growth(
        Admin.create(new HashMap<>(kafka)),
        new KafkaConsumer<>(reader, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        new KafkaProducer<>(writer, new ByteArraySerializer(), new ByteArraySerializer()),
        new LayoutTopic(registry, Clock.systemUTC()));
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
    consumer.close();
    admin.close(Duration.ofSeconds(2));
  }

  /**
   * @param partitions from now on; a multiple of what they are
   * @throws KafkaException when the cluster doesn't answer
   * @throws IllegalStateException when the present layout can't be read
   */
  public Outcome growTo(int partitions) {
    Set<String> topics = await(admin.listTopics().names());
    if (!topics.contains(Topics.LAYOUT)) {
      return new Outcome.Refused(
          "There is no topic " + Topics.LAYOUT,
          "Start the coordinators of this version once, which make it, and stop them again");
    }
    Optional<Generations> known = layouts.read(consumer);
    if (known.isEmpty()) {
      return new Outcome.Refused(
          "Nothing says over how many partitions executions are spread",
          "Start a coordinator once, which tells it, and stop it again");
    }
    Generations present = known.get();
    Generations grown = present;
    if (partitions != present.partitions()) {
      try {
        grown = present.grownTo(partitions);
      } catch (IllegalArgumentException _) {
        return new Outcome.Refused(
            "Executions are spread over %d partitions, which can't become %d"
                .formatted(present.partitions(), partitions),
            "Choose a multiple of %d".formatted(present.partitions()));
      }
    }
    List<String> running = awaitNobody();
    if (!running.isEmpty()) {
      return stopped(running);
    }
    Map<String, Integer> counts = counts(ofLanes(topics));
    for (Map.Entry<String, Integer> topic : counts.entrySet()) {
      int count = topic.getValue();
      if (count != partitions && !present.counts().contains(count)) {
        return new Outcome.Refused(
            "%s has %d partitions, and executions are spread over %s"
                .formatted(topic.getKey(), count, present.counts()),
            "If a growth to %d did not come to its end, run that again first".formatted(count));
      }
    }
    List<String> added = add(counts, partitions);
    // Who has started meanwhile may place executions by the number that was the last until now.
    running = running();
    if (!running.isEmpty()) {
      return stopped(running);
    }
    if (grown != present) {
      layouts.append(producer, grown);
    }
    return new Outcome.Grown(grown, added);
  }

  private static Outcome stopped(List<String> running) {
    return new Outcome.Refused(
        "Coordinators run: there are members in " + String.join(", ", running),
        "Stop all of them, and run this again");
  }

  /** The groups that still have members when all that were killed have been missed. */
  private List<String> awaitNobody() {
    long deadline = System.nanoTime() + MISSED_WITHIN.toNanos();
    List<String> running = running();
    while (!running.isEmpty() && System.nanoTime() < deadline) {
      pause();
      running = running();
    }
    return running;
  }

  /** The groups that have members. */
  private List<String> running() {
    return admin.describeConsumerGroups(GROUPS).describedGroups().entrySet().stream()
        .filter(
            group -> {
              try {
                GroupState state = await(group.getValue()).groupState();
                return state != GroupState.EMPTY && state != GroupState.DEAD;
              } catch (GroupIdNotFoundException _) {
                return false;
              }
            })
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Those of the topics whose partitions are those of executions. */
  private static Set<String> ofLanes(Set<String> topics) {
    Set<String> ofLanes = new LinkedHashSet<>();
    for (Lane lane : List.of(Lane.STANDARD, Lane.EXPRESS)) {
      LaneTopics names = LaneTopics.of(lane);
      ofLanes.addAll(List.of(names.inbox(), names.peer(), names.history(), names.childHistory()));
    }
    for (String topic : topics) {
      if (topic.endsWith(CHANGELOG)
          && LANES.stream().anyMatch(lane -> topic.startsWith(lane + '-'))) {
        ofLanes.add(topic);
      }
    }
    return ofLanes;
  }

  private Map<String, Integer> counts(Set<String> topics) {
    Map<String, Integer> counts = new TreeMap<>();
    for (TopicDescription topic : await(admin.describeTopics(topics).allTopicNames()).values()) {
      counts.put(topic.name(), topic.partitions().size());
    }
    return counts;
  }

  private List<String> add(Map<String, Integer> counts, int partitions) {
    Map<String, NewPartitions> wanted = new TreeMap<>();
    counts.forEach(
        (topic, count) -> {
          if (count < partitions) {
            wanted.put(topic, NewPartitions.increaseTo(partitions));
          }
        });
    if (!wanted.isEmpty()) {
      await(admin.createPartitions(wanted).all());
      awaitSight(counts.keySet(), partitions);
    }
    return List.copyOf(wanted.keySet());
  }

  private void awaitSight(Set<String> topics, int partitions) {
    long deadline = System.nanoTime() + SEEN_WITHIN.toNanos();
    while (counts(topics).values().stream().anyMatch(count -> count < partitions)) {
      if (System.nanoTime() > deadline) {
        throw new KafkaException(
            "The brokers don't tell of all new partitions after %d s; run it again"
                .formatted(SEEN_WITHIN.toSeconds()));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOKS_EVERY.toMillis());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
