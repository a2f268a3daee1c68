package io.stepstream.asl.expr;

import static io.stepstream.asl.expr.Evaluations.error;
import static io.stepstream.asl.expr.Evaluations.invalid;
import static io.stepstream.asl.expr.Evaluations.object;
import static io.stepstream.asl.expr.Evaluations.ok;
import static io.stepstream.asl.expr.Evaluations.scope;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChoiceRuleTest {

  private static final String INPUT =
      "{\"n\":5,\"s\":\"ab*c\",\"b\":true,\"t\":\"2016-08-18T17:33:00Z\",\"z\":null,\"five\":5.0,\"u\":\"2016-08-18T19:33:00+02:00\"}";

  private static Compiled<Condition> compile(String rule) {
    return Expressions.choiceRule(object(rule), "Choices[0]");
  }

  private static Evaluation test(String rule) {
    return ok(compile(rule)).test(scope(INPUT, "{\"v\":5}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "n|NumericEquals|5|true",
        "n|NumericEquals|5.0|true",
        "n|NumericLessThan|5|false",
        "n|NumericLessThanEquals|5|true",
        "n|NumericGreaterThan|4.9|true",
        "n|NumericGreaterThanEqualsPath|\"$.five\"|true",
        "n|NumericEqualsPath|\"$v\"|true",
        "n|StringEquals|\"5\"|false",
        "s|NumericEquals|5|false",
        "s|StringLessThan|\"b\"|true",
        "s|StringGreaterThanEqualsPath|\"$.s\"|true",
        "s|StringMatches|\"a*c\"|true",
        "s|StringMatches|\"ab\\\\*c\"|true",
        "s|StringMatches|\"a\\\\*c\"|false",
        "s|StringMatches|\"*b*\"|true",
        "s|StringMatches|\"ab*c*c\"|false",
        "n|StringMatches|\"*\"|false",
        "b|BooleanEquals|true|true",
        "b|BooleanEqualsPath|\"$.n\"|false",
        "t|TimestampEqualsPath|\"$.u\"|true",
        "t|TimestampLessThan|\"2016-08-18T17:33:01Z\"|true",
        "s|TimestampEquals|\"2016-08-18T17:33:01Z\"|false",
        "t|TimestampEqualsPath|\"$.s\"|false",
        "z|IsNull|true|true",
        "n|IsNull|false|true",
        "z|IsPresent|true|true",
        "missing|IsPresent|true|false",
        "missing|IsPresent|false|true",
        "n|IsNumeric|true|true",
        "s|IsString|true|true",
        "b|IsBoolean|true|true",
        "t|IsTimestamp|true|true",
        "s|IsTimestamp|true|false"
      })
  void shouldCompare(String field, String operator, String operand, boolean expected) {
    String rule =
        "{\"Variable\":\"$.%s\",\"%s\":%s,\"Next\":\"X\"}".formatted(field, operator, operand);
    assertThat(test(rule)).isEqualTo(Evaluation.of(expected));
  }

  @Test
  void shouldCombine() {
    String five = "{\"Variable\":\"$.n\",\"NumericEquals\":5}";
    String six = "{\"Variable\":\"$.n\",\"NumericEquals\":6}";
    assertThat(test("{\"And\":[%s,%s]}".formatted(five, six))).isEqualTo(Evaluation.of(false));
    assertThat(test("{\"Or\":[%s,%s]}".formatted(six, five))).isEqualTo(Evaluation.of(true));
    assertThat(test("{\"Not\":{\"And\":[%s,%s]}}".formatted(five, six)))
        .isEqualTo(Evaluation.of(true));
  }

  @Test
  void shouldNotLookBehindTheRuleThatDecides() {
    String missing = "{\"Variable\":\"$.missing\",\"NumericEquals\":6}";
    assertThat(
            test(
                "{\"And\":[{\"Variable\":\"$.missing\",\"IsPresent\":true},%s]}"
                    .formatted(missing)))
        .isEqualTo(Evaluation.of(false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Variable\":\"$.missing\",\"NumericEquals\":5}",
        "{\"Variable\":\"$.missing\",\"IsNull\":true}",
        "{\"Variable\":\"$.missing\",\"StringMatches\":\"*\"}",
        "{\"Variable\":\"$.n\",\"NumericEqualsPath\":\"$.missing\"}",
        "{\"Not\":{\"Variable\":\"$.missing\",\"NumericEquals\":5}}"
      })
  void shouldFailForMissingValues(String rule) {
    EvaluationError error = error(test(rule));
    assertThat(error.error()).isEqualTo("States.Runtime");
    assertThat(error.cause())
        .isEqualTo(
            "Invalid path '$.missing': The choice state's condition path references an invalid"
                + " value.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"Variable\":\"$.n\"}",
        "{\"Variable\":\"n\",\"NumericEquals\":5}",
        "{\"NumericEquals\":5}",
        "{\"Variable\":\"$.n\",\"NumericEquals\":\"5\"}",
        "{\"Variable\":\"$.n\",\"NumericEquals\":5,\"IsNull\":true}",
        "{\"Variable\":\"$.n\",\"NumericEqualsPath\":5}",
        "{\"Variable\":\"$.n\",\"IsNull\":1}",
        "{\"Variable\":\"$.n\",\"TimestampEquals\":\"2016-08-18 17:33:00Z\"}",
        "{\"And\":[]}",
        "{\"And\":[1]}",
        "{\"Not\":[]}",
        "{\"Or\":[{\"Variable\":\"$.n\",\"Nope\":5}]}"
      })
  void shouldRefuseMalformedRules(String rule) {
    assertThat(invalid(compile(rule)).location()).startsWith("Choices[0]");
  }

  @Test
  void shouldTellTheVariablesOfAllParts() {
    String rule =
        "{\"Or\":[{\"Variable\":\"$a\",\"NumericEqualsPath\":\"$b.c\"},{\"Not\":{\"Variable\":\"$d\",\"IsNull\":true}}]}";
    assertThat(ok(compile(rule)).variables()).containsExactlyInAnyOrder("a", "b", "d");
  }
}
