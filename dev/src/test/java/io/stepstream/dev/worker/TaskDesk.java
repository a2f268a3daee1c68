package io.stepstream.dev.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.dev.Refusal;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.topic.TopicProvisioner;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.StepstreamWorker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** Plays the coordinator towards workers: places orders and collects what comes back. */
final class TaskDesk implements AutoCloseable {

  static final String ARN = "arn:aws:states:us-east-1:111111111111:execution:orders:";

  private static final AtomicInteger NAMES = new AtomicInteger();

  /** A result and where it was found. */
  record Result(int partition, String key, Envelope envelope) {}

  private final EmbeddedBroker broker;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final SchemaRegistry registry = SchemaRegistry.bundled();
  private final WireCodec<TaskOrder> orderCodec =
      WireCodec.forTopic(TaskOrder.class, Topics.tasks("any"), registry);
  private final WireCodec<Envelope> envelopeCodec =
      WireCodec.forTopic(Envelope.class, "any", registry);
  private final List<ConsumerRecord<byte[], byte[]>> seen = new ArrayList<>();

  private TaskDesk(EmbeddedBroker broker) {
    this.broker = broker;
    Map<String, Object> config =
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
    this.admin = Admin.create(config);
    this.producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static TaskDesk open(Path directory) throws Refusal {
    BrokerSettings settings = BrokerSettings.in(directory);
    var desk =
        new TaskDesk(
            EmbeddedBroker.start(
                new BrokerSettings(
                    directory,
                    settings.port(),
                    settings.controllerPort(),
                    Map.of(
                        "group.share.min.record.lock.duration.ms", "1000",
                        "group.share.min.heartbeat.interval.ms", "1000",
                        "group.share.heartbeat.interval.ms", "1000"))));
    var provisioner = new TopicProvisioner(desk.admin, TopicLayout.singleBroker());
    provisioner.provision();
    desk.watch(Topics.DLQ, 3);
    return desk;
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  String newName(String prefix) {
    return prefix + "-" + NAMES.incrementAndGet();
  }

  /** An inbox of four partitions, watched from now on. */
  String newInbox() throws Exception {
    String inbox = newName("inbox");
    admin.createTopics(List.of(new NewTopic(inbox, 4, (short) 1))).all().get();
    watch(inbox, 4);
    return inbox;
  }

  /** Collects the records of the topic from its present end on. */
  void watch(String topic, int partitions) {
    List<TopicPartition> all = new ArrayList<>(consumer.assignment());
    Map<TopicPartition, Long> positions = new HashMap<>();
    all.forEach(partition -> positions.put(partition, consumer.position(partition)));
    List<TopicPartition> added = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      added.add(new TopicPartition(topic, i));
    }
    all.addAll(added);
    consumer.assign(all);
    consumer.seekToEnd(added);
    added.forEach(consumer::position);
    positions.forEach(consumer::seek);
  }

  /** Settings of the queue's share group, such as {@code share.record.lock.duration.ms}. */
  void configureGroup(String queue, Map<String, String> settings) throws Exception {
    Collection<AlterConfigOp> changes =
        settings.entrySet().stream()
            .map(
                entry ->
                    new AlterConfigOp(
                        new ConfigEntry(entry.getKey(), entry.getValue()),
                        AlterConfigOp.OpType.SET))
            .toList();
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.GROUP, Topics.workerGroup(queue)), changes))
        .all()
        .get();
  }

  /** Acquires an order as a worker would, and is gone without an answer. */
  void takeAndForget(String queue, int expectedDelivery) {
    try (var worker =
        new KafkaShareConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                Topics.workerGroup(queue),
                ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
                "explicit"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      worker.subscribe(Set.of(Topics.tasks(queue)));
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofMillis(1))
          .until(
              () -> {
                for (ConsumerRecord<byte[], byte[]> order : worker.poll(Duration.ofMillis(200))) {
                  assertThat(order.deliveryCount()).hasValue((short) expectedDelivery);
                  return true;
                }
                return false;
              });
    }
  }

  void createQueue(String queue) {
    new TopicProvisioner(admin, TopicLayout.singleBroker()).provisionQueue(queue);
  }

  StepstreamWorker.Builder worker(String queue) {
    return StepstreamWorker.builder()
        .bootstrapServers(broker.bootstrapServers())
        .queues(queue)
        .version("test");
  }

  /**
   * An order for {@code arn:aws:lambda:…:function:NAME}; the name of the execution tells orders
   * apart.
   */
  TaskOrder.Builder order(String execution, String function, String inbox, String input) {
    return TaskOrder.newBuilder()
        .setLane(Lane.STANDARD)
        .setExecutionArn(ARN + execution)
        .setStateMachineArn("arn:aws:states:us-east-1:111111111111:stateMachine:orders")
        .setStateName("Work")
        .setResource("arn:aws:lambda:us-east-1:111111111111:function:" + function)
        .setFunction(function)
        .setFrameId(7)
        .setEpoch(3)
        .setScheduledAt(Instant.now())
        .setInboxTopic(inbox)
        .setInboxPartition(2)
        .setInput(Payloads.of(input));
  }

  void place(String queue, TaskOrder order) {
    send(new ProducerRecord<>(Topics.tasks(queue), orderCodec.encode(order)));
  }

  void place(String queue, int partition, TaskOrder order) {
    send(new ProducerRecord<>(Topics.tasks(queue), partition, null, orderCodec.encode(order)));
  }

  void placeBytes(String queue, byte[] key, byte[] value) {
    send(new ProducerRecord<>(Topics.tasks(queue), key, value));
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record).get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Places an order in a transaction and aborts it. */
  void placeAndAbort(String queue, TaskOrder order) throws Exception {
    try (var transactional = transactionalProducer()) {
      transactional.initTransactions();
      transactional.beginTransaction();
      transactional.send(new ProducerRecord<>(Topics.tasks(queue), orderCodec.encode(order))).get();
      transactional.abortTransaction();
    }
  }

  private KafkaProducer<byte[], byte[]> transactionalProducer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.bootstrapServers(),
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            newName("tx")),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** All records of a watched topic so far. */
  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    consumer.poll(Duration.ofMillis(50)).forEach(seen::add);
    return seen.stream().filter(record -> record.topic().equals(topic)).toList();
  }

  /** All results in a watched inbox so far. */
  List<Result> results(String inbox) {
    return records(inbox).stream().map(this::result).toList();
  }

  private Result result(ConsumerRecord<byte[], byte[]> record) {
    return switch (envelopeCodec.decode(record.value())) {
      case Decoded.Read<Envelope>(Envelope envelope) ->
          new Result(
              record.partition(), new String(record.key(), StandardCharsets.UTF_8), envelope);
      case Decoded.Unreadable<Envelope>(String reason) -> throw new AssertionError(reason);
    };
  }

  @Override
  public void close() {
    consumer.close();
    producer.close();
    admin.close();
    broker.close();
  }
}
