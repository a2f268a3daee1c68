package io.stepstream.asl.expr;

import static io.stepstream.asl.expr.Evaluations.error;
import static io.stepstream.asl.expr.Evaluations.invalid;
import static io.stepstream.asl.expr.Evaluations.ok;
import static io.stepstream.asl.expr.Evaluations.scope;
import static io.stepstream.asl.expr.Evaluations.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {

  private static final String INPUT =
      """
      {"a":{"b":[1,2,{"c":null}],"x y":7,"it's":8},"n":null,"s":"text","e":[],\
      "users":[{"id":1,"tag":null},{"id":2,"tag":"t"}]}\
      """;

  private static Evaluation at(String path) {
    return ok(Expressions.path(path, "InputPath")).evaluate(scope(INPUT, "{\"v\":{\"w\":[5]}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "$.s|\"text\"",
        "$['s']|\"text\"",
        "$[\"s\"]|\"text\"",
        "$.a.b[0]|1",
        "$.a.b[-1].c|null",
        "$.a['b'][1]|2",
        "$.a['x y']|7",
        "$.a['it\\'s']|8",
        "$.n|null",
        "$$.Execution.Name|\"one\"",
        "$v|{\"w\":[5]}",
        "$v.w[0]|5",
        "$.a.b[*]|[1,2,{\"c\":null}]",
        "$.a.b[0:2]|[1,2]",
        "$.a.b[(@.length-2)]|2",
        "$.users[( @.length - 1 )].id|2",
        "$.users[*].id|[1,2]",
        "$..id|[1,2]",
        "$.users[?(@.id > 1)].tag|[\"t\"]",
        "$.users[?(@.tag == null)].id|[1]",
        "$.users[?(@.tag == 'nobody')]|[]",
        "$.users[?(@.tag==t)].id|[2]",
        "$.users[?(@.tag =~ /^t.*/)].id|[2]",
        "$.nothing[*]|[]",
        "$.nothing.at.all[1:5].x|[]",
        "$.users.length()|2",
        "$v.w[*]|[5]"
      })
  void shouldSelect(String path, String expected) {
    assertThat(value(at(path))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$.no|No results for path: $['no']",
        "$.no.such.path|Missing property in path $['no']",
        "$.a.no.such|Missing property in path $['a']['no']",
        "$.a.b[7]|No results for path: $['a']['b'][7]",
        "$.n[0]|The path $['n'] is null"
      })
  void shouldSayWhyThereIsNoValue(String path, String why) {
    EvaluationError error = error(at(path));
    assertThat(error.error()).isEqualTo("States.Runtime");
    assertThat(error.cause()).isEqualTo("Invalid path '" + path + "' : " + why);
    assertThat(error.location()).isEqualTo("InputPath");
  }

  @Test
  void shouldNameTheValueThatIsNoObject() {
    assertThat(error(at("$.s.x")).cause())
        .startsWith("Invalid path '$.s.x' : Expected to find an object with property ['x']")
        .contains("java.lang.String");
  }

  @Test
  void shouldFailForAnUnassignedVariable() {
    assertThat(error(at("$unknown")).error()).isEqualTo("States.Runtime");
  }

  @Test
  void shouldWordMissingValuesByField() {
    String input = "{\"int-literal\":0}";
    assertThat(
            error(ok(Expressions.referencePath("$.ErrorX", "ErrorPath")).evaluate(scope(input)))
                .cause())
        .isEqualTo(
            "The JSONPath '$.ErrorX' specified for the field 'ErrorPath' could not be found in the"
                + " input '{\"int-literal\":0}'");
    assertThat(
            error(ok(Expressions.referencePath("$.x", "SecondsPath")).evaluate(scope(input)))
                .cause())
        .isEqualTo("The SecondsPath parameter does not reference an input value: $.x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "$a b",
        "$.",
        "$..",
        "$.a[",
        "$['a",
        "$.a[?(",
        "$x$",
        "$.max(1)",
        "$.a[(@.size-1)]",
        "$.a b"
      })
  void shouldRefuseWhatIsNoPath(String path) {
    assertThat(invalid(Expressions.path(path, "InputPath")).location()).isEqualTo("InputPath");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$.a[(@.length-1)]",
        "$.a[*]",
        "$.a[1:2]",
        "$..a",
        "$.a[?(@.b)]",
        "$['a','b']",
        "$.a.*",
        "$.a:b"
      })
  void shouldRefuseOperatorsInReferencePaths(String path) {
    invalid(Expressions.referencePath(path, "ItemsPath"));
  }

  @Test
  void shouldGiveAnEmptyObjectForANullPath() {
    assertThat(
            value(
                ok(Expressions.nullablePath(Json.NULL, "InputPath")).evaluate(scope("{\"a\":1}"))))
        .isEqualTo("{}");
    invalid(Expressions.nullablePath(5, "InputPath"));
  }

  @Test
  void shouldTellWhichVariablesItReads() {
    assertThat(ok(Expressions.path("$v.w", "InputPath")).variables()).containsExactly("v");
    assertThat(ok(Expressions.path("$.v", "InputPath")).variables()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"$.l[?(@ =~ /(a*)*b/)]", "$.l[?(@ =~ /a*a*a*a*b/)]", "$.l[?(@ =~ /(a)\\1b/)]"})
  void shouldRefuseRegularExpressionsThatCanNotBeStopped(String path) {
    invalid(Expressions.path(path, "InputPath"));
  }

  @Test
  void shouldEndFilterOverLongTextsInTime() {
    String input = "{\"l\":[\"" + "a".repeat(100_000) + "\"]}";
    Expression path = ok(Expressions.path("$.l[?(@ =~ /a*a*a*b/)]", "InputPath"));
    Assertions.assertTimeout(Duration.ofSeconds(2), () -> error(path.evaluate(scope(input))));
  }

  @Test
  void shouldEndNestedScansInTime() {
    StringBuilder input = new StringBuilder("{\"l\":[");
    for (int i = 0; i < 4_000; i++) {
      input.append(i == 0 ? "" : ",").append("{\"a\":{\"b\":").append(i).append("}}");
    }
    Scope scope = scope(input.append("]}").toString());
    Expression path = ok(Expressions.path("$..[?(@..[?(@..b)])]", "InputPath"));
    Assertions.assertTimeout(Duration.ofSeconds(3), () -> path.evaluate(scope));
  }

  /** The library takes such a path for one that it can evaluate. */
  @Test
  void shouldFindNothingWhereTheLibraryBreaks() {
    assertThat(at("$..length()")).isInstanceOf(Evaluation.Failed.class);
  }
}
