package io.stepstream.coordinator.queue;

import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.QueueControl;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Task queues as Kafka shows them. Closes its client for administration. */
public final class KafkaTaskQueues implements TaskQueues, AutoCloseable {

  private static final int ANSWER_MILLIS = 5_000;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Admin admin;
  private final Producer<byte[], byte[]> producer;
  private final RecordCodec<QueueControl> codec;
  private final AnnouncedPools pools;
  private final LimitsFollower limits;
  private final InstantSource clock;

  /**
   * @param producer stays the caller's
   */
  public KafkaTaskQueues(
      Admin admin,
      Producer<byte[], byte[]> producer,
      Supplier<Consumer<byte[], byte[]>> consumers,
      RecordCodec<QueueControl> codec,
      AnnouncedPools pools,
      InstantSource clock) {
    this.admin = admin;
    this.producer = producer;
    this.codec = codec;
    this.pools = pools;
    this.limits = new LimitsFollower(consumers, codec);
    this.clock = clock;
  }

  public void start() {
    limits.start();
  }

  @Override
  public CompletionStage<Page> list(@Nullable String after, int limit) {
    return names()
        .thenCompose(
            names -> {
              SortedSet<String> behind = after == null ? names : names.tailSet(after + '\0');
              Set<String> page = new LinkedHashSet<>(behind.stream().limit(limit).toList());
              return describe(page)
                  .thenApply(queues -> new Page(queues, behind.size() > page.size()));
            });
  }

  @Override
  public CompletionStage<Optional<TaskQueue>> find(String queue) {
    return names()
        .thenCompose(known -> known.contains(queue) ? describe(Set.of(queue)) : none())
        .thenApply(found -> found.stream().findFirst());
  }

  private static CompletionStage<List<TaskQueue>> none() {
    return CompletableFuture.completedFuture(List.of());
  }

  private CompletionStage<SortedSet<String>> names() {
    return admin
        .listTopics(new ListTopicsOptions().timeoutMs(ANSWER_MILLIS))
        .names()
        .toCompletionStage()
        .<SortedSet<String>>thenApply(
            topics -> {
              SortedSet<String> names = new TreeSet<>(pools.queues());
              names.addAll(controls().keySet());
              topics.stream().map(Topics::queueOf).filter(Objects::nonNull).forEach(names::add);
              return names;
            })
        .exceptionally(
            failure -> {
              throw unavailable(failure);
            });
  }

  private Map<String, QueueControl> controls() {
    Map<String, QueueControl> known = limits.controls();
    if (known == null) {
      throw new Unavailable("The limits of the queues are being read", RETRY_AFTER);
    }
    return known;
  }

  private CompletionStage<List<TaskQueue>> describe(Set<String> queues) {
    CompletionStage<Map<String, Long>> backlogs = backlogs(queues);
    return workers(queues)
        .thenCombine(
            backlogs,
            (workers, orders) ->
                queues.stream()
                    .map(queue -> queue(queue, workers.get(queue), orders.get(queue)))
                    .toList());
  }

  private TaskQueue queue(String queue, @Nullable List<String> workers, @Nullable Long backlog) {
    QueueControl control = controls().get(queue);
    return new TaskQueue(
        queue,
        control == null
            ? QueueLimits.NONE
            : new QueueLimits(
                control.getMaxConcurrency(), control.getRatePerSecond(), control.getPaused()),
        control == null ? null : control.getUpdateDate(),
        backlog,
        workers,
        pools.of(queue));
  }

  private CompletionStage<Map<String, List<String>>> workers(Set<String> queues) {
    Map<String, KafkaFuture<ConsumerGroupDescription>> groups =
        admin
            .describeConsumerGroups(
                queues.stream().map(Topics::presenceGroup).toList(),
                new DescribeConsumerGroupsOptions().timeoutMs(ANSWER_MILLIS))
            .describedGroups();
    return answered(
        queues,
        queue -> groups.get(Topics.presenceGroup(queue)),
        (queue, group) ->
            group.members().stream()
                .map(member -> workerName(member.clientId(), queue))
                .sorted()
                .toList());
  }

  /** A worker's client id ends in the queue, since it has one for each. */
  private static String workerName(String clientId, String queue) {
    return clientId.endsWith('/' + queue)
        ? clientId.substring(0, clientId.length() - queue.length() - 1)
        : clientId;
  }

  private CompletionStage<Map<String, Long>> backlogs(Set<String> queues) {
    Map<String, ListShareGroupOffsetsSpec> groups = new HashMap<>();
    queues.forEach(queue -> groups.put(Topics.workerGroup(queue), new ListShareGroupOffsetsSpec()));
    var offsets =
        admin.listShareGroupOffsets(
            groups, new ListShareGroupOffsetsOptions().timeoutMs(ANSWER_MILLIS));
    return answered(
        queues,
        queue -> offsets.partitionsToOffsetInfo(Topics.workerGroup(queue)),
        (_, partitions) -> backlog(partitions));
  }

  private static @Nullable Long backlog(
      Map<TopicPartition, @Nullable SharePartitionOffsetInfo> partitions) {
    long sum = 0;
    boolean known = false;
    for (SharePartitionOffsetInfo partition : partitions.values()) {
      if (partition != null && partition.lag().isPresent()) {
        sum += partition.lag().get();
        known = true;
      }
    }
    return known ? sum : null;
  }

  /** What makes the answer about a queue. */
  private interface Reading<T, R> {
    @Nullable R of(String queue, T answer);
  }

  /** Of the queues that Kafka has told something about; a group may not exist yet, for example. */
  private static <T, R> CompletionStage<Map<String, R>> answered(
      Collection<String> queues,
      Function<String, KafkaFuture<T>> questions,
      Reading<T, R> reading) {
    Map<String, R> answers = new ConcurrentHashMap<>();
    CompletableFuture<?>[] all =
        queues.stream()
            .map(
                queue ->
                    questions
                        .apply(queue)
                        .toCompletionStage()
                        .<Void>handle(
                            (answer, failure) -> {
                              R read = failure == null ? reading.of(queue, answer) : null;
                              if (read != null) {
                                answers.put(queue, read);
                              }
                              return null;
                            })
                        .toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(all).thenApply(_ -> answers);
  }

  @Override
  public CompletionStage<QueueLimits> limit(String queue, QueueLimits wanted) {
    if (!Topics.isQueueName(queue)) {
      throw new IllegalArgumentException(queue + " can't be the name of a queue");
    }
    byte[] value =
        wanted.equals(QueueLimits.NONE)
            ? null
            : codec.encode(
                new QueueControl(
                    queue,
                    wanted.maxConcurrency(),
                    wanted.ratePerSecond(),
                    wanted.paused(),
                    clock.instant()));
    CompletableFuture<QueueLimits> written = new CompletableFuture<>();
    producer.send(
        new ProducerRecord<>(Topics.QUEUES, queue.getBytes(StandardCharsets.UTF_8), value),
        (_, failure) -> {
          if (failure == null) {
            written.complete(wanted);
          } else {
            written.completeExceptionally(unavailable(failure));
          }
        });
    return written;
  }

  private static RuntimeException unavailable(Throwable failure) {
    Throwable cause = failure.getCause() != null ? failure.getCause() : failure;
    return cause instanceof Unavailable known
        ? known
        : new Unavailable("Kafka doesn't answer: " + failure.getMessage(), RETRY_AFTER, failure);
  }

  @Override
  public void close() {
    limits.close();
    admin.close(Duration.ZERO);
  }
}
