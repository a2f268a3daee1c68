package io.stepstream.worker;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * How often an order has been handed out, and what may still become of it.
 *
 * <p>The broker drops a record silently when it has handed it out {@code limit} times. So only the
 * first half of a record's deliveries run it; the others decide what becomes of the order before
 * anything else does, and each is one more chance to do so if the worker dies over it.
 *
 * <pre>
 *   count 1 .. half of the limit    run
 *   beyond, at most MOST in all     published anew, as a record that the broker counts from 1
 *   more than MOST in all           poison: its task fails, and it goes to the dead letters
 * </pre>
 *
 * @param earlier deliveries of the records that this one was published in place of
 * @param count of this record's deliveries, from 1
 * @param limit after which the broker drops the record; {@link Integer#MAX_VALUE}: never
 */
record Deliveries(int earlier, int count, int limit) {

  /** The header of an order that was published anew; {@link #earlier}, decimal, in UTF-8. */
  static final String EARLIER = "stepstream.deliveries.earlier";

  /** How often an order may be run without an answer. As many as Kafka allows by default. */
  static final int MOST = 5;

  static Deliveries of(Delivery delivery) {
    return new Deliveries(
        earlier(delivery.order().headers().lastHeader(EARLIER)),
        delivery.count(),
        delivery.limit());
  }

  /** Who else writes to the queue might write anything; then the broker's count is all there is. */
  private static int earlier(@Nullable Header header) {
    if (header == null || header.value() == null || header.value().length > 9) {
      return 0;
    }
    try {
      return Math.max(0, Integer.parseInt(new String(header.value(), StandardCharsets.UTF_8), 10));
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  int total() {
    return earlier + count;
  }

  /** True if the order has had all its chances. */
  boolean areExhausted() {
    return total() > MOST;
  }

  /** False: whoever has the delivery must see to the order at once, without running it. */
  boolean mayRun() {
    return !areExhausted() && count <= runs();
  }

  /**
   * True if the next delivery of the same record may run it too. Otherwise the order is published
   * anew, since the broker counts also those deliveries that are given back.
   */
  boolean mayBeReleased() {
    return total() < MOST && count < runs();
  }

  private int runs() {
    return limit / 2 + limit % 2;
  }
}
