package io.stepstream.coordinator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Lane;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A simulation that could not fail would prove nothing: it notices each broken rule. */
class DefectsTest {

  private static final int RUNS = 150;
  private static final int EXECUTIONS_PER_RUN = 10;

  @ParameterizedTest
  @CsvSource({
    "STANDARD, STORE_OUTSIDE_TRANSACTION",
    "STANDARD, NO_FENCING",
    "STANDARD, OFFSETS_FIRST",
    "STANDARD, NO_EPOCHS",
    "STANDARD, REPLIES_FIRST",
    "STANDARD, TIMERS_NOT_FLUSHED",
    "STANDARD, ACKNOWLEDGED_FIRST",
    "EXPRESS, NO_JOURNAL",
    "EXPRESS, ROWS_FIRST",
    "EXPRESS, ZOMBIES_WRITE",
    "STANDARD, NAMES_NOT_ASKED_FOR"
  })
  void shouldNoticeABrokenRule(Lane lane, Defects.Defect defect) {
    Violation found = null;
    for (long seed = 1; seed <= RUNS && found == null; seed++) {
      try {
        new SimulatedWorld(seed, lane, Defects.of(defect)).run(EXECUTIONS_PER_RUN);
      } catch (Violation violation) {
        found = violation;
      }
    }
    assertThat(found).as("what is noticed of %s within %d runs", defect, RUNS).isNotNull();
  }
}
