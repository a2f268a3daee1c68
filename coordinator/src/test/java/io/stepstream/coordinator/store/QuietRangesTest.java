package io.stepstream.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

final class QuietRangesTest {

  private final QuietRanges quiet = new QuietRanges();

  @Test
  void shouldKnowNothingAtFirst() {
    assertThat(quiet.end(key("b"))).isEqualTo(key("b"));
  }

  @Test
  void shouldRememberAGap() {
    quiet.found(key("b"), key("f"));

    assertThat(quiet.end(key("b"))).isEqualTo(key("f"));
    assertThat(quiet.end(key("d"))).isEqualTo(key("f"));
    assertThat(quiet.end(key("f"))).isEqualTo(key("f"));
    assertThat(quiet.end(key("a"))).isEqualTo(key("a"));
  }

  @Test
  void shouldEndAGapWhereARowIsWritten() {
    quiet.found(key("b"), key("f"));
    quiet.written(key("d"));
    quiet.written(key("x"));

    assertThat(quiet.end(key("c"))).isEqualTo(key("d"));
    assertThat(quiet.end(key("e"))).isEqualTo(key("e"));
  }

  @Test
  void shouldReplaceAnOlderGapByANewerOneThatMeetsIt() {
    quiet.found(key("b"), key("f"));
    quiet.found(key("d"), key("k"));

    assertThat(quiet.end(key("b"))).isEqualTo(key("b"));
    assertThat(quiet.end(key("e"))).isEqualTo(key("k"));
  }

  @Test
  void shouldRememberTheLastTwo() {
    quiet.found(key("a"), key("b"));
    quiet.found(key("m"), key("n"));
    quiet.found(key("x"), key("z"));

    assertThat(quiet.end(key("a"))).isEqualTo(key("a"));
    assertThat(quiet.end(key("m"))).isEqualTo(key("n"));
    assertThat(quiet.end(key("y"))).isEqualTo(key("z"));

    quiet.clear();
    assertThat(quiet.end(key("y"))).isEqualTo(key("y"));
  }

  private static Bytes key(String name) {
    return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
  }
}
