package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JobTextTest {

  static Stream<JobText> texts() {
    return Stream.of(
        new JobText(null, "{\"JobId\":\"j\"}"),
        new JobText(null, ""),
        new JobText(null, "role:[\"arn:mine\",\"j\"]"),
        new JobText("arn:aws:iam::1:role/r", "{\"JobId\":\"j\"}"),
        new JobText("no \"ARN\" \u00e9", "role:"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void shouldBeReadAsItWasWritten(JobText job) {
    assertThat(JobText.parse(job.text())).isEqualTo(job);
  }

  @Test
  void shouldBeTheReferenceWithoutARole() {
    assertThat(new JobText(null, "j").text()).isEqualTo("j");
  }

  /** Jobs that workers of before have submitted. */
  @ParameterizedTest
  @ValueSource(strings = {"j", "role:7", "role:", "role:[7", "{}"})
  void shouldReadReferencesOfBefore(String reference) {
    assertThat(JobText.parse(reference)).isEqualTo(new JobText(null, reference));
  }
}
