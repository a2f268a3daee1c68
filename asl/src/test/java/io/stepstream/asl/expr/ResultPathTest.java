package io.stepstream.asl.expr;

import static io.stepstream.asl.expr.Evaluations.error;
import static io.stepstream.asl.expr.Evaluations.invalid;
import static io.stepstream.asl.expr.Evaluations.json;
import static io.stepstream.asl.expr.Evaluations.ok;
import static io.stepstream.asl.expr.Evaluations.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResultPathTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "$|{\"a\":1}|9",
        "$.b|{\"a\":1}|{\"a\":1,\"b\":9}",
        "$.a|{\"a\":1,\"b\":2}|{\"a\":9,\"b\":2}",
        "$.x.y.z|{}|{\"x\":{\"y\":{\"z\":9}}}",
        "$.l[1]|{\"l\":[1,2]}|{\"l\":[1,9]}",
        "$.l[0].k|{\"l\":[{}]}|{\"l\":[{\"k\":9}]}",
        "$['a b']|{}|{\"a b\":9}"
      })
  void shouldPutTheResult(String path, String rawInput, String expected) {
    Object raw = json(rawInput);
    assertThat(value(ok(Expressions.resultPath(path, "ResultPath")).put(raw, 9)))
        .isEqualTo(expected);
    assertThat(Json.encode(raw)).as("the input is shared").isEqualTo(rawInput);
  }

  @Test
  void shouldDiscardTheResultForNull() {
    Object raw = json("{\"a\":1}");
    assertThat(ok(Expressions.resultPath(Json.NULL, "ResultPath")).put(raw, 9))
        .isEqualTo(Evaluation.of(raw));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"$.a.b|{\"a\":1}", "$.a.b|{\"a\":null}", "$.a|[1]", "$.l[5]|{\"l\":[]}", "$[0]|{}"})
  void shouldRefuseToLeadThroughOtherValues(String path, String rawInput) {
    EvaluationError error =
        error(ok(Expressions.resultPath(path, "ResultPath")).put(json(rawInput), 9));
    assertThat(error.error()).isEqualTo("States.ResultPathMatchFailure");
    assertThat(error.cause()).contains(path).contains(rawInput);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$$", "$$.a", "$v", "$.a[*]", "$..a", "a", ""})
  void shouldRefuseOtherPaths(String path) {
    invalid(Expressions.resultPath(path, "ResultPath"));
  }
}
