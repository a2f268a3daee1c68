package io.stepstream.coordinator.trigger;

import io.stepstream.asl.expr.Entropy;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The time of a record, and numbers that are random from record to record: a record which is read
 * again must give the same name and input.
 */
final class RecordEntropy implements Entropy {

  private final long nowMillis;
  private final SplittableRandom random;

  RecordEntropy(ConsumerRecord<?, ?> record) {
    this.nowMillis = record.timestamp();
    this.random =
        new SplittableRandom(
            (31L * record.topic().hashCode() + record.partition()) * 0x9E3779B97F4A7C15L
                ^ record.offset());
  }

  @Override
  public long nowMillis() {
    return nowMillis;
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }
}
