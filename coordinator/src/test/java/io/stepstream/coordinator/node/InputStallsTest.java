package io.stepstream.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.cluster.InputLag;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputStallsTest {

  private static final String LANE = "standard lane";

  private final InputStalls stalls = new InputStalls();

  private long look(long at, long end, long processed) {
    return stalls
        .look(List.of(new InputLag(LANE, "inbox-0", end - processed, processed)), at)
        .get(LANE);
  }

  @Test
  void shouldNotTakeAnIdleInputForAStalledOne() {
    // The end of a transaction counts as a record and is never processed.
    assertThat(look(1_000, 11, 10)).isZero();
    assertThat(look(900_000, 11, 10)).isZero();
  }

  @Test
  void shouldCountFromTheRecordThatIsNotProcessed() {
    look(1_000, 10, 10);
    assertThat(look(2_000, 12, 10)).isZero();
    assertThat(look(5_000, 12, 10)).isEqualTo(3_000);
    assertThat(look(9_000, 20, 10)).isEqualTo(7_000);
  }

  @Test
  void shouldForgetTheStallWhenAnythingIsProcessed() {
    look(1_000, 10, 10);
    look(2_000, 12, 10);
    assertThat(look(5_000, 13, 11)).isZero();
    assertThat(look(6_000, 13, 11)).isZero();
    look(7_000, 14, 11);
    assertThat(look(9_000, 14, 11)).isEqualTo(2_000);
  }

  @Test
  void shouldTellTheLongestOfALane() {
    List<InputLag> first =
        List.of(new InputLag(LANE, "inbox-0", 0, 5), new InputLag(LANE, "inbox-1", 0, 5));
    List<InputLag> then =
        List.of(new InputLag(LANE, "inbox-0", 3, 5), new InputLag(LANE, "inbox-1", 0, 9));
    stalls.look(first, 0);
    stalls.look(then, 10);

    assertThat(stalls.look(then, 50)).containsEntry(LANE, 40L);
  }
}
