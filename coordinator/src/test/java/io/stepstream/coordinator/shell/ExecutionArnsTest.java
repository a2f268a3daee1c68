package io.stepstream.coordinator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Lane;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutionArnsTest {

  @ParameterizedTest
  @CsvSource({
    "arn:aws:states:r:1:execution:m:n, STANDARD",
    "arn:aws:states:r:1:execution:express:n, STANDARD",
    "arn:aws:states:r:1:execution:express/L:n, STANDARD",
    "arn:aws:states:r:1:express:m:n:u, EXPRESS",
    "arn:aws:states:r:1:express:m/L:run:n, EXPRESS",
    "arn:aws:states:r:1:mapRun:m/L:id:express:0, EXPRESS",
    "arn:aws:states:r:1:mapRun:express/L:id:standard:0, STANDARD",
    "garbage, STANDARD",
  })
  void shouldTellTheLaneByTheTypeAndNotByAName(String arn, Lane lane) {
    assertThat(ExecutionArns.laneOf(arn)).isEqualTo(lane);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:states:r:1:execution:m:n",
        "arn:aws:states:r:1:execution:express:n",
        "arn:aws:states:r:1:execution:m/L:n",
        "arn:aws:states:r:1:express:m:n:u",
        "arn:aws:states:r:1:express:m/L:run:n"
      })
  void shouldFindTheName(String arn) {
    assertThat(ExecutionArns.name(arn)).isEqualTo("n");
  }
}
