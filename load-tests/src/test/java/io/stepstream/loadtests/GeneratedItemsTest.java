package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.items.ReadRefused;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GeneratedItemsTest {

  private final GeneratedItems items = new GeneratedItems(Inputs.of(20));

  private static Map<String, Object> key(String key) {
    return Map.of("Bucket", "bench", "Key", key);
  }

  @Test
  void shouldHaveAsManyLinesAsTheKeySays() throws Exception {
    byte[] all;
    try (InputStream object = items.open(key("3.jsonl"))) {
      all = object.readAllBytes();
    }

    assertThat(new String(all, StandardCharsets.UTF_8))
        .isEqualTo(line(0) + line(1) + line(2))
        .isNotEqualTo(line(0).repeat(3));
    assertThat(items.size(key("3.jsonl"))).isEqualTo(all.length);
    assertThat(items.range(key("3.jsonl"), 15, 30)).isEqualTo(Arrays.copyOfRange(all, 15, 45));
  }

  private static String line(int number) {
    return new String(Inputs.of(20).at(number), StandardCharsets.UTF_8) + '\n';
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "jsonl", ".jsonl", "x.jsonl", "-1.jsonl"})
  void shouldHaveNoOtherObjects(String key) {
    assertThatThrownBy(() -> items.open(key(key))).isInstanceOf(ReadRefused.class);
  }

  @Test
  void shouldCountTheResultsThatAreWrittenButNoManifest() {
    put("[{\"Output\":\"[1,2]\"},{\"Output\":{\"a\":[3]}},4]");
    put("{\"ResultFiles\":{\"SUCCEEDED\":[]}}");
    put("[{}]");

    assertThat(items.resultsWritten()).isEqualTo(4);
  }

  @Test
  void shouldRefuseResultsThatAreNoJson() {
    assertThatThrownBy(() -> put("[{")).isInstanceOf(UncheckedIOException.class);
  }

  private void put(String body) {
    items.put(key("results"), body.getBytes(StandardCharsets.UTF_8));
  }
}
