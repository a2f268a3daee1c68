package io.stepstream.coordinator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdmissionTest {

  private static final Duration SOON = Duration.ofMillis(5);
  private static final Duration LATE = Admission.TARGET.plusMillis(1);

  private long now;
  private final Admission admission = new Admission(() -> now);

  private int enterAll() {
    int entered = 0;
    while (entered < 100_000 && admission.enter(0)) {
      entered++;
    }
    return entered;
  }

  @Test
  void shouldRefuseWhatAPartitionHasNotTakenUp() {
    admission.owned(0);

    assertThat(enterAll()).isEqualTo(Admission.INITIAL);
    assertThat(admission.enter(0)).isFalse();
    assertThat(admission.refused()).as("these two").isEqualTo(2);
    assertThat(admission.leastLimit()).isEqualTo(Admission.INITIAL);
    admission.taken(0, SOON);
    assertThat(enterAll()).as("the one that was taken up, and one that it has earned").isEqualTo(2);
  }

  @Test
  void shouldGiveBackTheRoomOfAStartThatCouldNotBeWritten() {
    admission.owned(0);
    enterAll();
    admission.left(0);

    assertThat(enterAll()).isEqualTo(1);
  }

  @Test
  void shouldHalveOnceForAQueueThatIsLate() {
    admission.owned(0);
    for (int i = 0; i < 100; i++) {
      admission.taken(0, LATE);
    }
    assertThat(admission.limit(0)).isEqualTo(Admission.INITIAL / 2);

    now += Admission.TARGET.toNanos();
    admission.taken(0, LATE);
    assertThat(admission.limit(0)).isEqualTo(Admission.INITIAL / 4);
  }

  @Test
  void shouldStayWithinItsBoundsAndRecover() {
    admission.owned(0);
    for (int i = 0; i < 50; i++) {
      now += Admission.TARGET.toNanos();
      admission.taken(0, LATE);
    }
    assertThat(admission.limit(0)).isEqualTo(Admission.LEAST);

    for (int i = 0; i < 100_000; i++) {
      admission.taken(0, SOON);
    }
    assertThat(admission.limit(0)).isEqualTo(Admission.MOST);
  }

  @Test
  void shouldLetInAllOfPartitionsThatOthersOwn() {
    assertThat(enterAll()).isEqualTo(100_000);
    admission.owned(0);
    enterAll();
    admission.disowned(0);

    assertThat(enterAll()).isEqualTo(100_000);
    admission.owned(0);
    assertThat(enterAll()).as("a fresh start").isEqualTo(Admission.INITIAL);
  }
}
