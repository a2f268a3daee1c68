package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OffsetPrefixTest {

  private final OffsetPrefix prefix = new OffsetPrefix();

  @Test
  void shouldStopBeforeTheFirstOffsetThatIsNotDone() {
    for (long offset : new long[] {10, 11, 14, 15}) {
      prefix.add(offset);
    }

    prefix.done(11);
    prefix.done(15);
    assertThat(prefix.takeAdvance()).isEmpty();

    prefix.done(10);
    assertThat(prefix.takeAdvance()).hasValue(12);
    assertThat(prefix.takeAdvance()).isEmpty();

    prefix.done(14);
    assertThat(prefix.takeAdvance()).hasValue(16);
    assertThat(prefix.next()).hasValue(16);
  }

  @Test
  void shouldHaveNothingToCommitBeforeAnythingIsDone() {
    prefix.add(0);

    assertThat(prefix.next()).isEmpty();
  }

  @Test
  void shouldIgnoreAnOffsetThatIsDoneTwice() {
    prefix.add(3);
    prefix.add(4);
    prefix.done(3);
    prefix.done(3);

    assertThat(prefix.next()).hasValue(4);
  }
}
