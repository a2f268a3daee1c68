package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.loadtests.faults.PoisonCheck.Life;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A check that finds nothing proves nothing: each violation of I11 once. */
final class PoisonCheckTest {

  private final List<String> found = new ArrayList<>();
  private final PoisonCheck check =
      new PoisonCheck((subject, what) -> found.add(subject + ": " + what));

  private static ConsumerRecord<byte[], byte[]> letter(
      @Nullable String key, @Nullable String reason) {
    ConsumerRecord<byte[], byte[]> letter =
        new ConsumerRecord<>(Topics.DLQ, 0, 0, key == null ? null : bytes(key), new byte[0]);
    if (reason != null) {
      letter.headers().add(DeadLetter.REASON, bytes(reason));
    }
    return letter;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Set<String> missing(List<ConsumerRecord<byte[], byte[]>> letters) {
    return check.missing(Set.of("p-1", "p-2"), letters::forEach);
  }

  @Test
  void shouldFindNothingWhereAllIsRight() {
    assertThat(missing(List.of(letter("p-1", "no record"), letter("p-2", "no record")))).isEmpty();
    check.lives(
        List.of(new Life("node-1", true, 10, 1), new Life("node-2", true, 11, 0)),
        List.of(new Life("node-1", true, 10, 1), new Life("node-2", true, 11, 0)));
    assertThat(found).isEmpty();
  }

  @Test
  void shouldMissPoisonThatIsNoDeadLetter() {
    assertThat(
            missing(List.of(letter("p-1", "no record"), letter("other", "r"), letter(null, "r"))))
        .containsExactly("p-2");
    assertThat(found).isEmpty();
  }

  @Test
  void shouldNoticeADeadLetterWithoutAReason() {
    assertThat(missing(List.of(letter("p-1", null), letter("p-2", " ")))).isEmpty();
    assertThat(found)
        .containsExactly(
            "p-1: its dead letter has no reason", "p-2: its dead letter has no reason");
  }

  @Test
  void shouldNoticeAProcessThatHasEnded() {
    check.lives(
        List.of(new Life("node-1", true, 10, 0), new Life("node-2", true, 11, 0)),
        List.of(new Life("node-1", false, 10, 0), new Life("node-2", true, 12, 0)));
    assertThat(found).containsExactly("node-1: poison has ended it", "node-2: poison has ended it");
  }

  @Test
  void shouldNoticeAStreamThreadThatWasReplaced() {
    check.lives(List.of(new Life("node-1", true, 10, 2)), List.of(new Life("node-1", true, 10, 3)));
    assertThat(found).containsExactly("node-1: poison has ended a stream thread of it");
  }
}
