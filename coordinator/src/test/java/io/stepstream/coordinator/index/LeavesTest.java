package io.stepstream.coordinator.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeavesTest {

  private static Leaves of(String json) {
    return Leaves.of(json.getBytes(UTF_8));
  }

  private static String[] texts(Leaves leaves) {
    return leaves.leaves().stream()
        .map(leaf -> leaf.path() + '=' + leaf.value())
        .toArray(String[]::new);
  }

  @Test
  void shouldGiveEachValueItsPath() {
    Leaves leaves =
        of(
            """
            {"a": {"b": [1, {"c": "x"}, [2.50]], "d": null}, "e": 1e3, "f": false, "g": {}, "h": -0.0}
            """);

    assertThat(texts(leaves))
        .containsExactly("a.b=1", "a.b.c=x", "a.b=2.5", "a.d=null", "e=1000", "f=false", "h=0");
    assertThat(leaves.whole()).isTrue();
    assertThat(texts(of("\"alone\""))).containsExactly("=alone");
    assertThat(Leaves.of(null)).isEqualTo(Leaves.NONE);
  }

  @Test
  void shouldKeepNumbersSmall() {
    assertThat(texts(of("[1e999999999, 1E-999999999]")))
        .containsExactly("=1E+999999999", "=1E-999999999");
    assertThat(of("[1e99999999999]").whole()).isFalse();
  }

  @Test
  void shouldStopAtItsBounds() {
    assertThat(of("[" + "1,".repeat(200) + "1]"))
        .satisfies(
            leaves -> {
              assertThat(leaves.leaves()).hasSize(200);
              assertThat(leaves.whole()).isFalse();
            });
    assertThat(of("[".repeat(21) + "1" + "]".repeat(21)))
        .isEqualTo(new Leaves(Leaves.NONE.leaves(), false));
    assertThat(of("{\"" + "n".repeat(201) + "\": 1}").whole()).isFalse();
    Leaves large = of("[\"" + "x".repeat(9000) + "\", 1]");
    assertThat(large.whole()).isFalse();
    assertThat(large.leaves()).hasSize(1);
    assertThat(large.leaves().getFirst().value()).hasSize(8192);
    assertThat(large.leaves().getFirst().isExact()).isFalse();
  }

  @Test
  void shouldKeepWhatWasReadBeforeAnError() {
    Leaves leaves = of("{\"a\": 1, b");

    assertThat(texts(leaves)).containsExactly("a=1");
    assertThat(leaves.whole()).isFalse();
  }

  @Test
  void shouldBeReadBackAsItWasWritten() {
    Leaves.Leaf leaf = new Leaves.Leaf("a\0b.c", "x\0y");

    assertThat(leaf.path()).isEqualTo("a\uFFFDb.c");
    assertThat(Leaves.Leaf.of(leaf.text())).isEqualTo(leaf);
  }
}
