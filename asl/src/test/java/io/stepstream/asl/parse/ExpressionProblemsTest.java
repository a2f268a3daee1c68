package io.stepstream.asl.parse;

import static io.stepstream.asl.parse.Definitions.errors;
import static io.stepstream.asl.parse.Definitions.jsonata;
import static io.stepstream.asl.parse.Definitions.read;
import static io.stepstream.asl.parse.Definitions.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.stepstream.asl.source.DefinitionProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expressions that don't compile are reported each at its own place. */
class ExpressionProblemsTest {

  private static final String PASS = "'Type': 'Pass', 'End': true, ";

  @Test
  void shouldReportEveryBadFieldOfTemplateWithAwsSentence() {
    String definition =
        state(
            PASS
                + "'Parameters': {'a.$': 'b', 'ok.$': '$.c', 'list': [{'d.$': 5}], 'e': 1, 'e.$':"
                + " '$.e'}");

    assertThat(errors(definition))
        .extracting(
            DefinitionProblem::message, DefinitionProblem::location, DefinitionProblem::pointer)
        .containsExactly(
            tuple(
                "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic"
                    + " function call",
                "/States/X/Parameters",
                "/States/X/Parameters/a.$"),
            tuple(
                "The value for the field 'd.$' must be a valid JSONPath or a valid intrinsic"
                    + " function call",
                "/States/X/Parameters/list[0]",
                "/States/X/Parameters/list/0/d.$"),
            tuple(
                "The fields 'e' and 'e.$' give the same name 'e'",
                "/States/X/Parameters",
                "/States/X/Parameters/e.$"));
  }

  @Test
  void shouldReportEveryBadJsonataExpression() {
    String definition =
        jsonata(
            PASS
                + "'Output': {'a': '{% 1 + %}', 'b': ['{% (2 %}', '{% 3 %}'], 'c': '{% 4',"
                + " 'd': '{% $states.input.x %}'}, 'Assign': {'v': '5 %}'}");

    assertThat(errors(definition))
        .extracting(DefinitionProblem::pointer)
        .containsExactlyInAnyOrder(
            "/States/X/Output/a",
            "/States/X/Output/b/0",
            "/States/X/Output/c",
            "/States/X/Assign/v");
    assertThat(errors(definition))
        .extracting(DefinitionProblem::code)
        .containsOnly("INVALID_JSONATA_EXPRESSION", "SCHEMA_VALIDATION_FAILED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'InputPath': 'a' | /States/X/InputPath",
        "'InputPath': 5 | /States/X/InputPath",
        "'OutputPath': '$.' | /States/X/OutputPath",
        "'ResultPath': '$.a[*]' | /States/X/ResultPath",
        "'ResultPath': '$$.a' | /States/X/ResultPath",
        "'Parameters': {'a.$': 'States.Nope()'} | /States/X/Parameters/a.$",
        "'Parameters': {'a.$': 'States.Format(`{}'} | /States/X/Parameters/a.$",
      })
  void shouldReportBadPathAtItsField(String field, String pointer) {
    assertThat(errors(state(PASS + field)))
        .extracting(DefinitionProblem::code, DefinitionProblem::pointer)
        .containsExactly(tuple("SCHEMA_VALIDATION_FAILED", pointer));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'InputPath': null, 'OutputPath': null, 'ResultPath': null",
        "'InputPath': '$$.Execution.Id', 'OutputPath': '$.a[0].b'",
        "'ResultPath': '$.a.b[0]'",
        "'Parameters': {'a.$': 'States.Format(`{}`, $v.x)', 'b.$': '$$', 'c.$': '$.x[?(@.y > 1)]'}",
      })
  void shouldAcceptGoodPaths(String field) {
    assertThat(read(state(PASS + field))).isInstanceOf(DefinitionResult.Parsed.class);
  }
}
