package io.stepstream.schemas.sealing;

import static io.stepstream.schemas.sealing.TestKeys.key;
import static io.stepstream.schemas.sealing.TestKeys.version;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PayloadKeysTest {

  private static final SealPolicy ORDERS = new SealPolicy("orders", Duration.ofSeconds(60));
  private static final byte[] PAYLOAD = "{\"card\": \"canary-4711\"}".getBytes(UTF_8);
  private static final String CONTEXT = "arn:a#LaunchExecution.input";

  private final TestKeys file;

  PayloadKeysTest(@TempDir Path directory) {
    this.file = new TestKeys(directory);
  }

  private byte[] sealed(PayloadKeys keys) {
    return keys.seal("machine", ORDERS).bytes(PAYLOAD, CONTEXT);
  }

  private static byte[] payload(Opened opened) {
    return switch (opened) {
      case Opened.Payload(byte[] bytes) -> bytes;
      case Opened.Closed(SealProblem problem) -> throw new AssertionError(problem);
    };
  }

  private static SealProblem problem(Opened opened) {
    return switch (opened) {
      case Opened.Payload(byte[] bytes) -> throw new AssertionError(new String(bytes, UTF_8));
      case Opened.Closed(SealProblem problem) -> problem;
    };
  }

  private static byte[] wrapped(byte[] sealed) {
    SealedPayload read = SealedPayload.read(sealed);
    assertThat(read).isNotNull();
    return read.wrapped();
  }

  @Test
  void shouldOpenWhatWasSealedAndNothingElse() throws IOException {
    PayloadKeys keys = file.keys(key("orders", "", version(1, 1)));

    byte[] sealed = sealed(keys);

    assertThat(new String(sealed, UTF_8)).doesNotContain("canary");
    assertThat(payload(keys.open(sealed, CONTEXT))).isEqualTo(PAYLOAD);
    assertThat(payload(keys.open(PAYLOAD, CONTEXT))).isSameAs(PAYLOAD);
    assertThat(sealed(keys)).as("the same again, by another nonce").isNotEqualTo(sealed);
    assertThat(keys.seal("machine", ORDERS).bytes(sealed, CONTEXT)).as("once").isSameAs(sealed);
  }

  @Test
  void shouldNotOpenWhatWasChangedAnywhere() throws IOException {
    PayloadKeys keys = file.keys(key("orders", "", version(1, 1)));
    byte[] sealed = sealed(keys);

    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThat(keys.open(changed, CONTEXT))
          .as("byte %d", i)
          .satisfies(
              opened -> {
                if (opened instanceof Opened.Payload(byte[] bytes)) {
                  // No longer a sealed payload by its form: it is not taken for what was sealed.
                  assertThat(bytes).isSameAs(changed);
                }
              });
    }
    assertThat(problem(keys.open(Arrays.copyOf(sealed, sealed.length - 1), CONTEXT)))
        .isInstanceOf(SealProblem.Tampered.class);
  }

  @Test
  void shouldNotOpenWhatWasMoved() throws IOException {
    PayloadKeys keys = file.keys(key("orders", "", version(1, 1)));

    assertThat(problem(keys.open(sealed(keys), "arn:b#LaunchExecution.input")))
        .isInstanceOfSatisfying(
            SealProblem.Tampered.class,
            tampered ->
                assertThat(tampered.reason()).contains("orders", "arn:b").doesNotContain("canary"));
  }

  @Test
  void shouldUseADataKeyForAsLongAsThePolicySays() throws IOException {
    PayloadKeys keys = file.keys(key("orders", "", version(1, 1)));
    byte[] first = wrapped(sealed(keys));

    file.now = file.now.plusSeconds(59);
    assertThat(wrapped(sealed(keys))).isEqualTo(first);
    assertThat(wrapped(keys.seal("another", ORDERS).bytes(PAYLOAD, CONTEXT)))
        .as("one per machine")
        .isNotEqualTo(first);
    file.now = file.now.plusSeconds(1);
    assertThat(wrapped(sealed(keys))).isNotEqualTo(first);
  }

  @Test
  void shouldOpenWhatWasSealedBeforeARotation() throws IOException {
    byte[] old = sealed(file.keys(key("orders", "", version(1, 1))));

    PayloadKeys both = file.keys(key("orders", "\"current\": 2, ", version(1, 1), version(2, 2)));
    byte[] fresh = sealed(both);
    PayloadKeys second = file.keys(key("orders", "", version(2, 2)));

    assertThat(payload(both.open(old, CONTEXT))).isEqualTo(PAYLOAD);
    assertThat(payload(second.open(fresh, CONTEXT))).as("the second sealed").isEqualTo(PAYLOAD);
    assertThat(problem(second.open(old, CONTEXT)))
        .isEqualTo(
            new SealProblem.KeyMissing(
                "The key 'orders' is not available: stepstream.encryption.keys-file has no version"
                    + " 1 of it, which has wrapped the data key"));
  }

  @Test
  void shouldNotSealWithAVersionBeforeItIsCurrent() throws IOException {
    PayloadKeys keys = file.keys(key("orders", "\"current\": 1, ", version(1, 1), version(2, 2)));

    byte[] sealed = sealed(keys);

    assertThat(payload(file.keys(key("orders", "", version(1, 1))).open(sealed, CONTEXT)))
        .isEqualTo(PAYLOAD);
  }

  @Test
  void shouldSayThatAKeyIsMissingOrAnotherOne() throws IOException {
    byte[] sealed = sealed(file.keys(key("orders", "", version(1, 1))));

    PayloadKeys wrong = file.keys(key("orders", "", version(1, 9)));
    PayloadKeys other = file.keys(key("others", "", version(1, 1)));

    assertThat(problem(wrong.open(sealed, CONTEXT)).reason()).contains("is not the one");
    assertThat(problem(other.open(sealed, CONTEXT)).reason()).contains("has no such key");
    assertThat(problem(PayloadKeys.NONE.open(sealed, CONTEXT)).reason())
        .contains("set stepstream.encryption.keys-file");
    assertThat(wrong.open(sealed, CONTEXT)).isEqualTo(wrong.open(sealed, CONTEXT));
    assertThatThrownBy(() -> other.seal("machine", ORDERS))
        .isInstanceOf(KeyUnavailableException.class)
        .hasMessageContaining("'orders'");
    assertThat(other.problem("orders")).contains("has no such key");
    assertThat(other.problem("others")).isNull();
  }

  @Test
  void shouldForgetDataKeysThatItHasOpened() throws IOException {
    byte[] sealed = sealed(file.keys(key("orders", "", version(1, 1))));
    PayloadKeys keys = file.keys(key("orders", "", version(1, 1)));
    payload(keys.open(sealed, CONTEXT));
    file.write(key("others", "", version(1, 1)));

    file.now = file.now.plus(Duration.ofMinutes(14));
    assertThat(payload(keys.open(sealed, CONTEXT))).as("as AWS keeps them").isEqualTo(PAYLOAD);
    file.now = file.now.plus(Duration.ofMinutes(1));
    assertThat(problem(keys.open(sealed, CONTEXT))).isInstanceOf(SealProblem.KeyMissing.class);
  }
}
