package io.stepstream.coordinator.api.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  /** Recorded with AWS, or named in its documentation. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a*b",
        "a#b",
        "a%b",
        "a`b",
        "a:b",
        "a>b",
        "a~b",
        "a?b",
        "a&b",
        "a|b",
        "a,b",
        "a]b",
        "a/b",
        "a;b",
        "a^b",
        "a\"b",
        "a\\b",
        "a$b",
        "a{b",
        "a b",
        "a\tb",
        "a\u001f",
        "a\u007f",
        "\u0000a",
        "a\u009f",
        "a\u00a0b",
        "a\ufffe",
        "a\ud83d\ude00",
        "a\ud83d"
      })
  void shouldRefuseWhatAwsRefuses(String name) {
    assertThat(Names.check(name)).isEqualTo(new Invalid<String>(Refusals.invalidName(name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ACTIVITY_NAME_ABC", "activity.name.v2", "a-1", "\u00e4", "a@b+c=(d)!'"})
  void shouldAcceptWhatAwsAccepts(String name) {
    assertThat(Names.check(name)).isEqualTo(new Valid<>(name));
  }

  @Test
  void shouldWordTheRefusalAsAwsDoes() {
    assertThat(Refusals.invalidName("a*b").message()).isEqualTo("Invalid Name: 'a*b'");
  }
}
