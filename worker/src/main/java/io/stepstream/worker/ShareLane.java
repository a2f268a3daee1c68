package io.stepstream.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One share consumer and the thread that owns it.
 *
 * <pre>
 *   empty --poll--> holding --all settled--> empty
 *                    |   ^
 *      third of lock |   | renewed: poll hands the same records out again
 *                    v   |
 *                   renewing   (a record can't be acknowledged here; settlements wait)
 * </pre>
 *
 * A share consumer in explicit mode refuses to poll while it has unacknowledged records, and
 * fetches nothing new while it holds renewed ones (KafkaShareConsumer 4.3:
 * ShareConsumerImpl#collect). So a lane works batch by batch. What is settled is acknowledged at
 * once by commitAsync, only the rest of the batch waits for its slowest task; {@link
 * ShareGroupSource} runs several lanes so that others go on fetching meanwhile.
 *
 * <p>Renewals go out by commitAsync and not by poll: a poll would fetch at the same time, and what
 * it fetched would sit behind the renewed records with its locks running.
 */
final class ShareLane implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ShareLane.class);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final long ACKNOWLEDGE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long RENEWAL_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int DEFAULT_LOCK_MILLIS = 30_000;

  private record Place(String topic, int partition, long offset) {
    static Place of(ConsumerRecord<?, ?> record) {
      return new Place(record.topic(), record.partition(), record.offset());
    }
  }

  private record Settled(Place place, Settlement settlement) {}

  private final ShareConsumer<byte[], byte[]> consumer;
  private final int deliveryLimit;
  private final TaskIntake intake;
  private final BlockingQueue<Settled> settledElsewhere = new LinkedBlockingQueue<>();

  // Confined to the lane's thread.
  private final Map<Place, ConsumerRecord<byte[], byte[]>> held = new HashMap<>();
  private final Set<Place> acknowledgeable = new HashSet<>();
  private final Set<Place> renewing = new HashSet<>();
  private final Map<Place, Settlement> settled = new HashMap<>();
  private boolean acknowledgementsWait;
  private long acknowledgedAt;
  private long renewAt;
  private long lockNanos = TimeUnit.MILLISECONDS.toNanos(DEFAULT_LOCK_MILLIS);

  private volatile boolean stopping;
  private volatile boolean closing;
  private volatile long heldSince;

  /**
   * @param consumer subscribed, in explicit mode; the lane closes it
   * @param deliveryLimit after how many deliveries the broker drops a record
   */
  ShareLane(ShareConsumer<byte[], byte[]> consumer, int deliveryLimit, TaskIntake intake) {
    this.consumer = consumer;
    this.deliveryLimit = deliveryLimit;
    this.intake = intake;
  }

  /** Fetches nothing more, renews what is held, and ends when all of that is settled. */
  void stopAcquiring() {
    stopping = true;
    consumer.wakeup();
  }

  boolean isStopping() {
    return stopping;
  }

  /** Ends as soon as possible; the broker gets back what isn't settled. */
  void abandon() {
    stopping = true;
    closing = true;
    consumer.wakeup();
  }

  /** For how long the lane has been unable to fetch, because tasks of its batch still run. */
  Duration heldUp() {
    long since = heldSince;
    return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
  }

  @Override
  public void run() {
    try {
      consumer.setAcknowledgementCommitCallback(this::acknowledged);
      while (!closing && !(stopping && held.isEmpty())) {
        try {
          step();
        } catch (WakeupException _) {
          // stopAcquiring or abandon; the loop's condition looks at both.
        }
      }
    } catch (InterruptedException | InterruptException _) {
      LOG.warn("A share consumer's thread was interrupted; the lane ends.");
    } catch (RuntimeException e) {
      LOG.error("A share consumer failed; the lane ends.", e);
    } finally {
      close();
    }
  }

  private void step() throws InterruptedException {
    takeSettled();
    acknowledgeSettled();
    if (held.isEmpty()) {
      heldSince = 0;
      fetch();
    } else if (!renewing.isEmpty()) {
      awaitRenewal();
    } else if (acknowledgeable.isEmpty()) {
      takeRenewed();
    } else if (System.nanoTime() - renewAt >= 0) {
      renew();
    } else {
      sendAcknowledgements(false);
      awaitSettled(renewAt - System.nanoTime());
    }
  }

  private void fetch() throws InterruptedException {
    if (stopping) {
      return;
    }
    if (!intake.hasCapacity()) {
      sendAcknowledgements(true);
      if (!intake.awaitCapacity(POLL)) {
        // Also when idle the group must see that the consumer lives; it is far from
        // max.poll.interval.ms.
        return;
      }
    }
    acknowledgementsWait = false;
    var records = consumer.poll(POLL);
    if (records.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    lockNanos =
        TimeUnit.MILLISECONDS.toNanos(
            consumer.acquisitionLockTimeoutMs().orElse(DEFAULT_LOCK_MILLIS));
    renewAt = now + lockNanos / 3;
    heldSince = now;
    LOG.debug("Acquired {} orders.", records.count());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Place place = Place.of(record);
      held.put(place, record);
      acknowledgeable.add(place);
      intake.take(new LaneDelivery(record, place));
    }
  }

  /** Asks the broker to prolong the locks of all that is held. */
  private void renew() {
    for (Place place : acknowledgeable) {
      consumer.acknowledge(held.get(place), AcknowledgeType.RENEW);
    }
    renewing.addAll(acknowledgeable);
    acknowledgeable.clear();
    renewAt = System.nanoTime() + lockNanos / 3;
    sendAcknowledgements(true);
  }

  /** Waits until the broker has answered all renewals: {@link #acknowledged} notes that. */
  private void awaitRenewal() throws InterruptedException {
    awaitSettled(RENEWAL_CHECK_NANOS);
    // Runs the callbacks of what is answered; poll would fetch.
    consumer.commitAsync();
    if (System.nanoTime() - renewAt > lockNanos) {
      // No answer for longer than a lock lives: these are no longer ours.
      forget(renewing);
    }
  }

  /**
   * Makes renewed records acknowledgeable again; fetches nothing, because there are renewed ones.
   */
  private void takeRenewed() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ZERO)) {
      Place place = Place.of(record);
      if (held.containsKey(place)) {
        acknowledgeable.add(place);
      }
    }
    if (acknowledgeable.isEmpty()) {
      // The client has dropped them (lost leader or session); the broker delivers them again.
      forget(Set.copyOf(held.keySet()));
    }
  }

  private void acknowledged(Map<TopicIdPartition, Set<Long>> offsets, @Nullable Exception problem) {
    offsets.forEach(
        (partition, acknowledged) -> {
          for (long offset : acknowledged) {
            var place = new Place(partition.topic(), partition.partition(), offset);
            if (renewing.remove(place) && problem != null) {
              LOG.warn("The lock on {} could not be renewed; it may be run twice.", place, problem);
              held.remove(place);
              settled.remove(place);
            }
          }
        });
    if (problem != null) {
      LOG.debug("Acknowledgements were refused; what they concern is delivered again.", problem);
    }
  }

  private void forget(Set<Place> places) {
    for (Place place : List.copyOf(places)) {
      LOG.warn("The lock on {} was lost; it may be run twice.", place);
      held.remove(place);
      acknowledgeable.remove(place);
      renewing.remove(place);
      settled.remove(place);
    }
  }

  private void awaitSettled(long nanos) throws InterruptedException {
    // A late acknowledgement only delays others if it is forgotten, so it bounds the wait.
    long bound = acknowledgementsWait ? Math.min(nanos, ACKNOWLEDGE_EVERY_NANOS) : nanos;
    Settled first =
        settledElsewhere.poll(Math.min(Math.max(bound, 0), POLL.toNanos()), TimeUnit.NANOSECONDS);
    if (first != null) {
      note(first);
    }
  }

  private void takeSettled() {
    List<Settled> all = new ArrayList<>();
    settledElsewhere.drainTo(all);
    all.forEach(this::note);
  }

  private void note(Settled one) {
    if (held.containsKey(one.place())) {
      settled.put(one.place(), one.settlement());
    }
  }

  private void acknowledgeSettled() {
    var pairs = settled.entrySet().iterator();
    while (pairs.hasNext()) {
      var pair = pairs.next();
      Place place = pair.getKey();
      if (acknowledgeable.remove(place)) {
        consumer.acknowledge(
            held.remove(place),
            switch (pair.getValue()) {
              case ACCEPT -> AcknowledgeType.ACCEPT;
              case RELEASE -> AcknowledgeType.RELEASE;
              case REJECT -> AcknowledgeType.REJECT;
            });
        acknowledgementsWait = true;
        pairs.remove();
      }
    }
  }

  private void sendAcknowledgements(boolean atOnce) {
    long now = System.nanoTime();
    boolean due = acknowledgementsWait && now - acknowledgedAt >= ACKNOWLEDGE_EVERY_NANOS;
    if (atOnce || due) {
      consumer.commitAsync();
      acknowledgementsWait = false;
      acknowledgedAt = now;
    }
  }

  private void close() {
    try {
      takeSettled();
      acknowledgeSettled();
    } catch (KafkaException | IllegalStateException e) {
      LOG.warn("The last acknowledgements could not be made; their orders are delivered again.", e);
    }
    try {
      consumer.close();
    } catch (KafkaException e) {
      LOG.warn("A share consumer did not close cleanly.", e);
    }
  }

  private final class LaneDelivery implements Delivery {

    private final ConsumerRecord<byte[], byte[]> record;
    private final Place place;

    LaneDelivery(ConsumerRecord<byte[], byte[]> record, Place place) {
      this.record = record;
      this.place = place;
    }

    @Override
    public ConsumerRecord<byte[], byte[]> order() {
      return record;
    }

    @Override
    public int count() {
      return record.deliveryCount().map(Short::intValue).orElse(1);
    }

    @Override
    public int limit() {
      return deliveryLimit;
    }

    @Override
    public void settle(Settlement settlement) {
      settledElsewhere.add(new Settled(place, settlement));
    }
  }
}
