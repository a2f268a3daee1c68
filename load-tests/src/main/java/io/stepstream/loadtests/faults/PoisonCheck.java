package io.stepstream.loadtests.faults;

import io.stepstream.schemas.topic.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Whether poison was put aside with a reason, and has ended nobody. Not thread safe. */
final class PoisonCheck {

  private final BiConsumer<String, String> violated;

  /**
   * @param violated gets the subject of each violation of {@link Invariant#I11}, and what was seen
   */
  PoisonCheck(BiConsumer<String, String> violated) {
    this.violated = violated;
  }

  /**
   * A process, at a moment.
   *
   * @param pid of its latest life
   * @param replaced how many stream threads have died in it
   */
  record Life(String name, boolean isAlive, long pid, int replaced) {}

  /**
   * Says what has become of processes.
   *
   * @param after the same, in the same order
   */
  void lives(List<Life> before, List<Life> after) {
    for (int i = 0; i < before.size(); i++) {
      Life then = before.get(i);
      Life now = after.get(i);
      if (!now.isAlive() || now.pid() != then.pid()) {
        violated.accept(then.name(), "poison has ended it");
      }
      if (now.replaced() != then.replaced()) {
        violated.accept(then.name(), "poison has ended a stream thread of it");
      }
    }
  }

  /**
   * The keys of poison that are among no dead letters. Says which of those have no reason.
   *
   * @param poison all keys
   * @param letters gives each dead letter to whom it is given
   */
  Set<String> missing(
      Set<String> poison, Consumer<Consumer<ConsumerRecord<byte[], byte[]>>> letters) {
    Set<String> missing = new HashSet<>(poison);
    letters.accept(
        letter -> {
          String key = text(letter.key());
          if (missing.remove(key) && reason(letter).isBlank()) {
            violated.accept(key, "its dead letter has no reason");
          }
        });
    return missing;
  }

  private static String reason(ConsumerRecord<byte[], byte[]> letter) {
    Header header = letter.headers().lastHeader(DeadLetter.REASON);
    return header == null ? "" : text(header.value());
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
