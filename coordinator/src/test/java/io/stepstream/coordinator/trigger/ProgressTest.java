package io.stepstream.coordinator.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {

  private final Progress progress =
      Progress.none("id")
          .plusStarted()
          .plusStarted()
          .plusFiltered()
          .plusMissed(7, new Progress.Failure(Records.AT, "gone"))
          .plusDeadLettered(new Progress.Failure(Records.AT, "broken"))
          .waitsFor(new Progress.Failure(Records.AT, "größer \"\n"));

  @Test
  void shouldSurviveAsMetadataOfAnOffset() {
    assertThat(Progress.parse(progress.metadata(), "id")).isEqualTo(progress);
    assertThat(Progress.parse(progress.goesOn().metadata(), "id")).isEqualTo(progress.goesOn());
    assertThat(Progress.parse(Progress.none("id").metadata(), "id")).isEqualTo(Progress.none("id"));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "{", "[]", "\"id\"", "by hand"})
  void shouldNotCountAnOffsetOfSomebodyElse(String metadata) {
    assertThat(Progress.parse(metadata, "id")).isNull();
    assertThat(Progress.parse(progress.metadata(), "of a later trigger")).isNull();
  }

  @Test
  void shouldFitIntoTheMetadataThatBrokersTake() {
    Progress.Failure failure = new Progress.Failure(Records.AT, "\u6ce8".repeat(10_000));
    assertThat(progress.waitsFor(failure).metadata().getBytes(UTF_8)).hasSizeLessThan(4096);
  }
}
