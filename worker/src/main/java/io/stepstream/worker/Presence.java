package io.stepstream.worker;

import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the other workers of a queue that this one is there, as a member of {@link
 * Topics#presenceGroup}, and looks every second who else is. The members read nothing.
 *
 * <p>Confined to one thread.
 */
final class Presence implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

  private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final WorkerClients clients;
  private final Admin admin;
  private final Map<String, Consumer<byte[], byte[]>> members = new HashMap<>();
  private final BiConsumer<String, @Nullable Standing> looks;

  private Map<String, KafkaFuture<ConsumerGroupDescription>> asked = Map.of();
  private long askedAt = System.nanoTime() - LOOK_EVERY_NANOS;

  /**
   * @param looks takes the queue and where this worker stands; null: it isn't present
   */
  Presence(
      WorkerClients clients,
      Admin admin,
      List<String> queues,
      BiConsumer<String, @Nullable Standing> looks) {
    this.clients = clients;
    this.admin = admin;
    this.looks = looks;
    for (String queue : queues) {
      members.put(queue, join(queue));
    }
  }

  private Consumer<byte[], byte[]> join(String queue) {
    Consumer<byte[], byte[]> member = clients.presence(queue);
    member.subscribe(
        List.of(Topics.QUEUES),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            member.pause(partitions);
          }

          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // It had read nothing.
          }
        });
    return member;
  }

  /** To be called a few times a second; never waits for the cluster. */
  void tend() {
    // Members that never poll are taken for dead.
    members.values().forEach(member -> member.poll(Duration.ZERO));
    if (!asked.isEmpty() && asked.values().stream().allMatch(KafkaFuture::isDone)) {
      members.keySet().forEach(this::look);
      asked = Map.of();
    }
    long now = System.nanoTime();
    if (asked.isEmpty() && now - askedAt >= LOOK_EVERY_NANOS) {
      askedAt = now;
      asked =
          admin
              .describeConsumerGroups(members.keySet().stream().map(Topics::presenceGroup).toList())
              .describedGroups();
    }
  }

  private void look(String queue) {
    KafkaFuture<ConsumerGroupDescription> answer = asked.get(Topics.presenceGroup(queue));
    if (answer == null) {
      return;
    }
    try {
      List<String> present =
          answer.get().members().stream().map(MemberDescription::clientId).toList();
      looks.accept(queue, Standing.of(clients.presenceId(queue), Set.copyOf(present)));
    } catch (ExecutionException e) {
      // What was seen last holds on, as it does for the others.
      LOG.debug("Nobody told who works on queue {}.", queue, e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    members.values().forEach(Consumer::close);
  }
}
