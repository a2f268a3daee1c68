package io.stepstream.worker;

import static io.stepstream.schemas.topic.AdminAnswers.await;

import io.stepstream.schemas.topic.Provisioning;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.topic.TopicProvisioner;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to the topics and groups of a worker's queues before anything is consumed: a share group
 * that begins with Kafka's defaults would skip the orders that are there already.
 */
final class QueueBringUp {

  private static final Logger LOG = LoggerFactory.getLogger(QueueBringUp.class);

  private static final Duration RETRY = Duration.ofSeconds(2);

  /** Kafka 4.3 and newer (KIP-1240); older brokers have one limit for all groups. */
  private static final String DELIVERY_LIMIT = "share.delivery.count.limit";

  /** Kafka's default of {@code group.share.delivery.count.limit}. */
  private static final int DEFAULT_DELIVERY_LIMIT = 5;

  private static final int BROKERS_FOR_REPLICATION = 3;

  private final WorkerSettings settings;
  private final WorkerClients clients;
  private final Admin admin;
  private final PartitionCounts partitions;
  private final Function<String, TaskIntake> intakes;

  /**
   * @param intakes by queue
   */
  QueueBringUp(
      WorkerSettings settings,
      WorkerClients clients,
      Admin admin,
      PartitionCounts partitions,
      Function<String, TaskIntake> intakes) {
    this.settings = settings;
    this.clients = clients;
    this.admin = admin;
    this.partitions = partitions;
    this.intakes = intakes;
  }

  /** Tries until it has a source per queue; none if the thread is interrupted. */
  List<TaskSource> untilItSucceeds() {
    while (true) {
      try {
        return sources();
      } catch (InterruptException _) {
        return List.of();
      } catch (KafkaException e) {
        LOG.warn(
            "The worker can't begin, since Kafka at {} doesn't do what it needs: {}. It tries again"
                + " in {} s.",
            settings.bootstrapServers(),
            e.getMessage(),
            RETRY.toSeconds());
      }
      try {
        Thread.sleep(RETRY);
      } catch (InterruptedException _) {
        return List.of();
      }
    }
  }

  private List<TaskSource> sources() {
    TopicLayout layout =
        await(admin.describeCluster().nodes()).size() >= BROKERS_FOR_REPLICATION
            ? TopicLayout.cluster()
            : TopicLayout.singleBroker();
    var provisioner = new TopicProvisioner(admin, layout);
    List<TaskSource> sources = new ArrayList<>();
    for (String queue : settings.queues()) {
      switch (provisioner.provisionQueue(queue)) {
        case Provisioning.Refused refused -> throw new KafkaException(refused.message());
        case Provisioning.Ready ready -> ready.warnings().forEach(LOG::warn);
      }
      sources.add(source(queue));
    }
    return List.copyOf(sources);
  }

  private TaskSource source(String queue) {
    String topic = Topics.tasks(queue);
    String group = Topics.workerGroup(queue);
    TaskIntake intake = intakes.apply(queue);
    return switch (settings.source()) {
      case SHARE_GROUP -> {
        int limit = deliveryLimit(group);
        yield new ShareGroupSource(
            new ShareGroupSource.Settings(
                queue, partitions.count(topic), settings.lanes(), settings.maxLanes()),
            () -> clients.shareConsumer(group, topic),
            consumer -> new ShareLane(consumer, limit, intake),
            intake);
      }
      case CONSUMER_GROUP ->
          new ConsumerGroupSource(queue, topic, () -> clients.groupConsumer(group), intake);
    };
  }

  /** What the broker says; a wrong guess would let tasks vanish on their last delivery. */
  private int deliveryLimit(String group) {
    var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    try {
      ConfigEntry entry =
          await(admin.describeConfigs(List.of(resource)).all()).get(resource).get(DELIVERY_LIMIT);
      if (entry != null && entry.value() != null) {
        return Integer.parseInt(entry.value());
      }
    } catch (KafkaException e) {
      LOG.debug("The settings of group {} can't be read.", group, e);
    }
    return DEFAULT_DELIVERY_LIMIT;
  }
}
