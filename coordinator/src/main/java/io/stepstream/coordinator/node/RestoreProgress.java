package io.stepstream.coordinator.node;

import io.stepstream.coordinator.cluster.Restoration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.jspecify.annotations.Nullable;

/** Hears of the stores that are being restored. Called by Streams' threads, read by any. */
final class RestoreProgress implements StateRestoreListener {

  private final Map<TopicPartition, Restoration> running = new ConcurrentHashMap<>();
  private final InstantSource clock;

  RestoreProgress(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void onRestoreStart(TopicPartition changelog, String store, long from, long to) {
    running.put(changelog, new Restoration(clock.instant(), 0, Math.max(0, to - from)));
  }

  @Override
  public void onBatchRestored(TopicPartition changelog, String store, long last, long restored) {
    running.computeIfPresent(
        changelog,
        (_, before) ->
            new Restoration(before.since(), before.restored() + restored, before.total()));
  }

  @Override
  public void onRestoreEnd(TopicPartition changelog, String store, long restored) {
    running.remove(changelog);
  }

  @Override
  public void onRestoreSuspended(TopicPartition changelog, String store, long restored) {
    running.remove(changelog); // the partition has gone to another node
  }

  boolean isIdle() {
    return running.isEmpty();
  }

  /** Of the restoration that began first; null: none is under way. */
  @Nullable Instant since() {
    return running.values().stream()
        .map(Restoration::since)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  /** Of all stores of a partition together; null: none is being restored. */
  @Nullable Restoration of(int partition) {
    Instant since = null;
    long restored = 0;
    long total = 0;
    for (Map.Entry<TopicPartition, Restoration> entry : running.entrySet()) {
      if (entry.getKey().partition() == partition) {
        Restoration one = entry.getValue();
        since = since == null || one.since().isBefore(since) ? one.since() : since;
        restored += one.restored();
        total += one.total();
      }
    }
    return since == null ? null : new Restoration(since, restored, total);
  }
}
