package io.stepstream.asl.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class TaskTokensTest {

  private static final TaskToken ATTEMPT =
      new TaskToken("arn:aws:states:us-east-1:111111111111:execution:machine:run", 7, 3);

  private final TaskTokens tokens = new TaskTokens(List.of("secret".getBytes(UTF_8)));

  @Property(tries = 200)
  void shouldReadWhatWasSigned(
      @ForAll String name,
      @ForAll @LongRange(min = 0) long frame,
      @ForAll @IntRange(min = 0) int epoch) {
    // A lone surrogate is no character of a name, and UTF-8 can't carry it.
    String given =
        new String(name.substring(0, Math.min(80, name.length())).getBytes(UTF_8), UTF_8);
    TaskToken attempt =
        new TaskToken(
            "arn:aws:states:us-east-1:111111111111:execution:machine:" + given, frame, epoch);

    String text = tokens.sign(attempt);

    assertThat(text).hasSizeBetween(1, TaskTokens.LONGEST).matches("[A-Za-z0-9_-]+");
    assertThat(tokens.verify(text)).isEqualTo(attempt);
    assertThat(tokens.sign(attempt)).as("the same for the same attempt").isEqualTo(text);
  }

  @Test
  void shouldRefuseATokenInWhichAnyBitIsFlipped() {
    byte[] bytes = Base64.getUrlDecoder().decode(tokens.sign(ATTEMPT));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(flipped);
      assertThat(tokens.verify(text)).as("bit %d", bit).isNull();
    }
  }

  @Property(tries = 500)
  void shouldRefuseATokenInWhichAnyCharacterIsAnother(
      @ForAll @IntRange(min = 0, max = 10_000) int place, @ForAll char other) {
    String text = tokens.sign(ATTEMPT);
    int at = place % text.length();
    String damaged = text.substring(0, at) + other + text.substring(at + 1);

    assertThat(tokens.verify(damaged)).isEqualTo(damaged.equals(text) ? ATTEMPT : null);
  }

  @Test
  void shouldRefuseOtherTextsOfTheSameBytes() {
    // 86 bytes and 2 mod 3: the last character has bits that Base64 ignores.
    String text = tokens.sign(new TaskToken(ATTEMPT.executionArn() + "x", 7, 3));
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    for (char last = '!'; last < 127; last++) {
      String other = text.substring(0, text.length() - 1) + last;
      if (!other.equals(text)) {
        assertThat(tokens.verify(other)).as(other).isNull();
      }
    }
    assertThat(tokens.verify(Base64.getUrlEncoder().encodeToString(bytes) + "="))
        .as("padding")
        .isNull();
  }

  @Test
  void shouldRefuseWhatIsNoToken() {
    for (String text :
        List.of("", "a", "no token", "AAAA", "é", "A".repeat(2049), "A".repeat(64))) {
      assertThat(tokens.verify(text)).as(text).isNull();
    }
  }

  @Test
  void shouldRefuseTheTokenOfAnotherSecret() {
    TaskTokens others = new TaskTokens(List.of("another".getBytes(UTF_8)));

    assertThat(others.verify(tokens.sign(ATTEMPT))).isNull();
    assertThat(TaskTokens.unprotected().verify(tokens.sign(ATTEMPT))).isNull();
  }

  @Test
  void shouldTakeTokensOfAFormerSecretAndSignWithTheFirst() {
    TaskTokens rotated = new TaskTokens(List.of("newer".getBytes(UTF_8), "secret".getBytes(UTF_8)));

    assertThat(rotated.verify(tokens.sign(ATTEMPT))).isEqualTo(ATTEMPT);
    assertThat(tokens.verify(rotated.sign(ATTEMPT))).isNull();
    assertThat(rotated.verify(rotated.sign(ATTEMPT))).isEqualTo(ATTEMPT);
  }

  @Test
  void shouldStayWithinAwssLengthForTheLongestNames() {
    // 80 characters for the machine, 80 for the execution, 40 for a label: each 3 bytes at most
    String arn =
        "arn:aws:states:us-east-1:111111111111:execution:"
            + "語".repeat(80)
            + '/'
            + "語".repeat(40)
            + ':'
            + "語".repeat(80);

    assertThat(tokens.sign(new TaskToken(arn, Long.MAX_VALUE, Integer.MAX_VALUE)))
        .hasSizeLessThan(TaskTokens.LONGEST);
  }

  @Test
  void shouldNotWorkWithoutASecret() {
    assertThatThrownBy(() -> new TaskTokens(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TaskTokens(List.of("a".getBytes(UTF_8), new byte[0])))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
