package io.stepstream.integrations.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.worker.handler.TaskFailedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class KafkaErrorsTest {

  static Stream<Arguments> named() {
    return Stream.of(
        Arguments.of(new RecordTooLargeException("m"), "Kafka.RecordTooLarge"),
        Arguments.of(new TopicAuthorizationException("m"), "Kafka.TopicAuthorization"),
        Arguments.of(new NotEnoughReplicasException("m"), "Kafka.NotEnoughReplicas"),
        Arguments.of(new SaslAuthenticationException("m"), "Kafka.Authentication"),
        Arguments.of(new TimeoutException("m"), "Kafka.Timeout"),
        Arguments.of(new BufferExhaustedException("m"), "Kafka.Timeout"),
        Arguments.of(
            new TimeoutException("late", new UnknownTopicOrPartitionException("m")),
            "Kafka.UnknownTopicOrPartition"),
        Arguments.of(
            new ExecutionException(new KafkaException("x", new ConfigException("m"))),
            "Kafka.Config"),
        Arguments.of(new KafkaException("m"), "Kafka.Client"));
  }

  @ParameterizedTest
  @MethodSource("named")
  void shouldNameAnErrorAfterTheExceptionThatIsBehindIt(Exception thrown, String error) {
    TaskFailedException failed = KafkaErrors.failure(thrown);

    assertThat(failed.error()).isEqualTo(error);
    assertThat(failed.causeText()).isEqualTo("m");
  }

  @Test
  void shouldFailATaskByWhatACallOrAnAnswerThrows() {
    assertThatThrownBy(
            () ->
                KafkaErrors.of(
                    () -> {
                      throw new RecordTooLargeException("m");
                    }))
        .isInstanceOf(TaskFailedException.class);
    assertThatThrownBy(
            () ->
                KafkaErrors.get(
                    CompletableFuture.failedFuture(new TopicAuthorizationException("m"))))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("Kafka.TopicAuthorization");
  }

  @Test
  void shouldLeaveTheThreadUsableWhenItsTaskIsGivenUp() {
    assertThatThrownBy(
            () ->
                KafkaErrors.of(
                    () -> {
                      throw new InterruptException("m");
                    }))
        .isInstanceOf(InterruptedException.class);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
