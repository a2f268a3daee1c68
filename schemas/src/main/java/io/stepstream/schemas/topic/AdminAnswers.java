package io.stepstream.schemas.topic;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;

/** What Kafka's admin client answers, for those who wait for it. */
public final class AdminAnswers {

  private AdminAnswers() {}

  /**
   * Waits for an answer; the client's own timeouts bound the wait.
   *
   * @throws KafkaException what went wrong, without the wrapping of a future
   * @throws InterruptException the thread was interrupted, and is marked so
   */
  public static <R> R await(KafkaFuture<R> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    }
  }
}
