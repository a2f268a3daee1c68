package io.stepstream.integrations.kafka;

import io.stepstream.worker.handler.TaskFailedException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What Kafka's clients throw, as errors of a task: {@code Kafka.} and the name of the exception
 * without its end, such as {@code Kafka.RecordTooLarge}.
 */
final class KafkaErrors {

  /** A call of a client of Kafka. */
  interface Call<T> {
    T run() throws InterruptedException;
  }

  private KafkaErrors() {}

  /**
   * @throws TaskFailedException Kafka refused, or didn't answer
   */
  static <T> T of(Call<T> call) throws InterruptedException {
    try {
      return call.run();
    } catch (InterruptException _) {
      // Kafka's clients set the flag again.
      Thread.interrupted();
      throw new InterruptedException("nobody waits for the answer any more");
    } catch (KafkaException e) {
      throw failure(e);
    }
  }

  /**
   * @throws TaskFailedException Kafka refused, or didn't answer
   */
  static <T> T get(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  static TaskFailedException failure(Throwable thrown) {
    Throwable e = thrown;
    while (isWrapper(e) && e.getCause() != null) {
      e = e.getCause();
    }
    return new TaskFailedException("Kafka." + name(e), e.getMessage());
  }

  /** A client that waited in vain for a topic's leaders says why in the cause. */
  private static boolean isWrapper(Throwable e) {
    return e instanceof ExecutionException
        || e instanceof CompletionException
        || e.getClass() == KafkaException.class
        || e instanceof TimeoutException
            && e.getCause() instanceof UnknownTopicOrPartitionException;
  }

  private static String name(Throwable e) {
    return switch (e) {
      case TimeoutException _ -> "Timeout";
      case AuthenticationException _ -> "Authentication";
      case Throwable other when other.getClass() == KafkaException.class -> "Client";
      default -> e.getClass().getSimpleName().replaceFirst("Exception$", "");
    };
  }
}
