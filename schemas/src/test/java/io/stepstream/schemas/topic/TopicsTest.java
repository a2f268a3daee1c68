package io.stepstream.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.Lane;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {

  private static final TopicLayout LAYOUT = new TopicLayout(12, 4, 3, 2);

  @Test
  void shouldPlaceExecutionsByTheSameNumberInEveryTopicOfALane() {
    Map<String, TopicSpec> specs =
        Topics.catalogue(LAYOUT).stream().collect(Collectors.toMap(TopicSpec::name, s -> s));

    for (Lane lane : List.of(Lane.STANDARD, Lane.EXPRESS)) {
      LaneTopics topics = LaneTopics.of(lane);
      for (String name :
          List.of(topics.inbox(), topics.peer(), topics.history(), topics.childHistory())) {
        assertThat(specs.get(name).partitions()).as(name).isEqualTo(12);
        assertThat(specs.get(name).partitionsFixed()).as(name).isTrue();
      }
    }
    assertThat(specs).hasSize(22);
  }

  @Test
  void shouldKeepHistoriesOfExpressChildrenApartFromOtherExpressExecutions() {
    String account = "arn:aws:states:us-east-1:111111111111:";
    ExecutionKey child = ExecutionKey.of(account + "express:m/label:run:0123abcd-child");
    ExecutionKey other = ExecutionKey.of(account + "express:m:name:uuid");
    ExecutionKey standardChild = ExecutionKey.of(account + "execution:m/label:0123abcd-child");

    assertThat(LaneTopics.of(Lane.EXPRESS).historyOf(child)).isEqualTo("stepstream.exp.children");
    assertThat(LaneTopics.of(Lane.EXPRESS).historyOf(other)).isEqualTo("stepstream.exp.history");
    assertThat(LaneTopics.of(Lane.STANDARD).historyOf(standardChild))
        .isEqualTo("stepstream.history");
  }

  @Test
  void shouldCompactWhatIsAStateAndDeleteWhatIsAnEvent() {
    for (TopicSpec spec : Topics.catalogue(LAYOUT)) {
      boolean state =
          List.of(
                  Topics.DEFINITIONS,
                  Topics.WORKERS,
                  Topics.QUEUES,
                  Topics.BULK_OPERATIONS,
                  Topics.LAYOUT)
              .contains(spec.name());
      assertThat(spec.config())
          .as(spec.name())
          .containsEntry("cleanup.policy", state ? "compact" : "delete");
      assertThat(spec.config().containsKey("retention.ms")).as(spec.name()).isEqualTo(!state);
      assertThat(spec.config()).containsEntry("min.insync.replicas", "2");
      Topic.validate(spec.name());
    }
  }

  @Test
  void shouldNameQueuesAndTheirGroups() {
    assertThat(Topics.tasks("aws-sdk")).isEqualTo("stepstream.tasks.aws-sdk");
    assertThat(Topics.workerGroup("aws-sdk")).isEqualTo("stepstream.workers.aws-sdk");
    assertThat(Topics.presenceGroup("aws-sdk")).isEqualTo("stepstream.presence.aws-sdk");
    assertThat(Topics.queueOf("stepstream.tasks.aws-sdk")).isEqualTo("aws-sdk");
    assertThat(Topics.queueOf("stepstream.tasks.")).isNull();
    assertThat(Topics.queueOf(Topics.WORKERS)).isNull();
    assertThat(Topics.queue("aws-sdk", LAYOUT).partitions()).isEqualTo(4);
    Topic.validate(Topics.tasks("q".repeat(200)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "ä", "a\n"})
  void shouldRefuseQueuesThatKafkaWouldRefuse(String queue) {
    assertThat(Topics.isQueueName(queue)).isFalse();
    assertThatThrownBy(() -> Topics.tasks(queue)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Topics.workerGroup(queue))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldRefuseLayoutsThatCannotWork() {
    assertThatThrownBy(() -> new TopicLayout(0, 1, 1, 1)).hasMessageContaining("one partition");
    assertThatThrownBy(() -> new TopicLayout(1, 1, 0, 1)).hasMessageContaining("replication");
    assertThatThrownBy(() -> new TopicLayout(1, 1, 2, 3)).hasMessageContaining("min.insync");
    assertThatThrownBy(() -> LaneTopics.of(Lane.UNKNOWN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldKeepEverythingOfADeadLetterAndSayWhy() {
    ConsumerRecord<byte[], byte[]> source =
        new ConsumerRecord<>("orders", 3, 42L, new byte[] {1}, new byte[] {2});
    source.headers().add("traceparent", "00-ab".getBytes());
    source.headers().add(DeadLetter.REASON, "an earlier one".getBytes());

    ProducerRecord<byte[], byte[]> dead = DeadLetter.of(source, "worker", "größer");

    assertThat(dead.topic()).isEqualTo(Topics.DLQ);
    assertThat(dead.key()).containsExactly(1);
    assertThat(dead.value()).containsExactly(2);
    assertThat(texts(dead))
        .containsExactlyInAnyOrder(
            "traceparent=00-ab",
            "stepstream.dlq.reason=größer",
            "stepstream.dlq.component=worker",
            "stepstream.dlq.topic=orders",
            "stepstream.dlq.partition=3",
            "stepstream.dlq.offset=42",
            "stepstream.dlq.timestamp=-1");
  }

  private static List<String> texts(ProducerRecord<byte[], byte[]> dead) {
    return java.util.Arrays.stream(dead.headers().toArray())
        .map(
            (Header h) ->
                h.key() + "=" + new String(h.value(), java.nio.charset.StandardCharsets.UTF_8))
        .toList();
  }
}
