package io.stepstream.worker;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A delivery that remembers how it was settled. */
final class FakeDelivery implements Delivery {

  private final ConsumerRecord<byte[], byte[]> record;
  private final int count;
  private final int limit;
  final List<Settlement> settlements = new CopyOnWriteArrayList<>();

  FakeDelivery(byte[] value, int count, int limit) {
    this.record = new ConsumerRecord<>("stepstream.tasks.q", 0, 42, new byte[] {1}, value);
    this.count = count;
    this.limit = limit;
  }

  @Override
  public ConsumerRecord<byte[], byte[]> order() {
    return record;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int limit() {
    return limit;
  }

  @Override
  public void settle(Settlement settlement) {
    settlements.add(settlement);
  }
}
