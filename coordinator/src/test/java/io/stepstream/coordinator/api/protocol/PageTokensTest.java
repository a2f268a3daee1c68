package io.stepstream.coordinator.api.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PageTokensTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private final PageTokens tokens = at(NOW, "key");

  @Test
  void shouldComeBackToItsPositionOnAnyNode() {
    String token = tokens.issue("query", 4711);

    assertThat(at(NOW.plus(Duration.ofHours(24)), "key").position("query", token))
        .isEqualTo(new Valid<>(4711L));
    assertThat(token).hasSizeLessThan(1024);
  }

  @Test
  void shouldDieAfterADay() {
    String token = tokens.issue("query", 4711);

    assertThat(at(NOW.plus(Duration.ofHours(25)), "key").position("query", token))
        .isInstanceOf(Invalid.class);
  }

  @Test
  void shouldBeBoundToItsQueryAndItsKey() {
    String token = tokens.issue("query", 4711);

    assertThat(tokens.position("another", token)).isInstanceOf(Invalid.class);
    assertThat(at(NOW, "another").position("query", token)).isInstanceOf(Invalid.class);
  }

  @Test
  void shouldRefuseATokenWithAnyBitChanged() {
    byte[] token = tokens.issue("query", 4711).getBytes(StandardCharsets.US_ASCII);
    // The last character has bits which no byte is made of.
    for (int i = 0; i < token.length - 1; i++) {
      byte[] tampered = token.clone();
      tampered[i] = (byte) (tampered[i] == 'A' ? 'B' : 'A');
      assertThat(tokens.position("query", new String(tampered, StandardCharsets.US_ASCII)))
          .as("position %d", i)
          .isInstanceOf(Invalid.class);
    }
  }

  @Test
  void shouldRefuseWhatIsNoToken() {
    for (String text : new String[] {"x", "not base64!", "AAAA", "x".repeat(1024)}) {
      assertThat(tokens.position("query", text))
          .isInstanceOfSatisfying(
              Invalid.class,
              invalid -> assertThat(invalid.refusal().code()).isEqualTo("InvalidToken"));
    }
  }

  private static PageTokens at(Instant now, String key) {
    return new PageTokens(key, Clock.fixed(now, ZoneOffset.UTC));
  }
}
