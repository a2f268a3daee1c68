package io.stepstream.asl.expr;

import static io.stepstream.asl.expr.Evaluations.error;
import static io.stepstream.asl.expr.Evaluations.invalid;
import static io.stepstream.asl.expr.Evaluations.ok;
import static io.stepstream.asl.expr.Evaluations.scope;
import static io.stepstream.asl.expr.Evaluations.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntrinsicTest {

  private static final String INPUT =
      "{\"o\":{\"a\":1,\"b\":[null,\"x\"]},\"l\":[3,1,3.0,2],\"t\":\"\\\\{{}\\\\}\",\"s\":\"x\"}";

  private static Compiled<Expression> compile(String call) {
    return Expressions.template(Map.of("r.$", call), "Parameters");
  }

  private static Evaluation evaluate(String call) {
    return ok(compile(call)).evaluate(scope(INPUT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "States.Format('{} and {}', 1, 'two')|\"1 and two\"",
        "States.Format('{}', $.o)|\"{a=1, b=[null, x]}\"",
        "States.Format('\\{{}\\}', 1)|\"{1}\"",
        "States.Format('it\\'s \\\\{}', 1)|\"it's \\\\1\"",
        "States.Format($.t, 5)|\"{5}\"",
        "States.Array( 'a' , 1.5,true ,null, $.s, States.Array())|[\"a\",1.5,true,null,\"x\",[]]",
        "States.ArrayUnique($.l)|[3,1,2]",
        "States.ArrayContains($.l, 2.0)|true",
        "States.ArrayGetItem($.l, 1)|1",
        "States.ArrayGetItem($.l, 4)|null",
        "States.ArrayRange(0, 10, 3)|[0,3,6,9]",
        "States.ArrayRange(3, 1, -1)|[3,2,1]",
        "States.ArrayRange(3, 1, 1)|[]",
        "States.ArrayPartition($.l, 3)|[[3,1,3.0],[2]]",
        "States.MathAdd(1.5, 1.51)|4",
        "States.MathAdd(-0.5, 1)|1",
        "States.MathAdd(2147483647, 1)|2147483648",
        "States.StringSplit('a,b;;c', ',;')|[\"a\",\"b\",\"c\"]",
        "States.StringSplit('abc', '')|[\"abc\"]",
        "States.JsonMerge($.o, States.StringToJson('{\"a\":2}'),"
            + " false)|{\"a\":2,\"b\":[null,\"x\"]}",
        "States.JsonToString($.o)|\"{\\\"a\\\":1,\\\"b\\\":[null,\\\"x\\\"]}\"",
        "States.StringToJson(' ')|null",
        "States.Base64Decode(States.Base64Encode('ä€'))|\"ä€\"",
        "States.Hash('input data', 'MD5')|\"812f45842bc6d66ee14572ce20db8e86\"",
        "States.ArrayLength($['l'])|4",
        "States.ArrayLength($.l[?(@ > 1)])|3"
      })
  void shouldCompute(String call, String expected) {
    assertThat(value(evaluate(call))).isEqualTo("{\"r\":" + expected + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "States.Format('{} {}', 1)",
        "States.Format('{}', 1, 2)",
        "States.Format(5)",
        "States.StringToJson('{')",
        "States.StringToJson(5)",
        "States.ArrayPartition($.l, 0)",
        "States.ArrayPartition($.s, 2)",
        "States.ArrayRange(0, 5000, 1)",
        "States.ArrayRange(0, 1, 0)",
        "States.ArrayGetItem($.l, -1)",
        "States.ArrayGetItem($.s, 0)",
        "States.ArrayLength($.s)",
        "States.ArrayUnique($.s)",
        "States.ArrayContains($.s, 'x')",
        "States.Base64Decode('!')",
        "States.Hash('x', 'SHA-3')",
        "States.JsonMerge($.o, $.o, true)",
        "States.JsonMerge($.o, 1, false)",
        "States.MathRandom(5, 5)",
        "States.MathAdd('1', 1)",
        "States.MathAdd(9223372036854775807, 1)",
        "States.StringSplit(1, ',')"
      })
  void shouldFailAsAValue(String call) {
    EvaluationError error = error(evaluate(call));
    assertThat(error.error()).isEqualTo("States.IntrinsicFailure");
    assertThat(error.cause()).startsWith("The function '" + call + "' had the following error: ");
  }

  @Test
  void shouldBoundWhatIsEncodedAndHashed() {
    Scope scope = scope("{\"long\":\"" + "x".repeat(10_001) + "\"}");
    for (String call :
        new String[] {
          "States.Base64Encode($.long)", "States.Base64Decode($.long)", "States.Hash($.long, 'MD5')"
        }) {
      assertThat(error(ok(compile(call)).evaluate(scope)).error())
          .isEqualTo("States.IntrinsicFailure");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "States.Format",
        "States.Format(",
        "States.Format('a'",
        "States.Format('a)",
        "States.Format('a',)",
        "States.Format('a' 'b')",
        "States.Format('\\\"a\\\"')",
        "States.Format('\\n')",
        "States.Format(a)",
        "States.Format(01)",
        "States.Format('a') x",
        "States.UUID(1)",
        "States.MathAdd(1)",
        "States.Nothing()",
        "Format('a')",
        ""
      })
  void shouldRefuseMalformedCalls(String call) {
    invalid(compile(call));
  }

  @Test
  void shouldBoundTheNesting() {
    invalid(compile("States.Array(".repeat(11) + ")".repeat(11)));
    ok(compile("States.Array(".repeat(10) + ")".repeat(10)));
  }

  @Test
  void shouldDrawFromTheStepsEntropyOnly() {
    String call = "States.Array(States.UUID(), States.MathRandom(1, 1000000))";
    assertThat(value(evaluate(call))).isEqualTo(value(evaluate(call)));
    assertThat(value(evaluate("States.UUID()")))
        .matches(
            "\\{\"r\":\"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\"}");
  }

  @Test
  void shouldGiveTheSameNumberForTheSameSeed() {
    String pair = "States.Array(States.MathRandom(0, 999, 3), States.MathRandom(0, 999, 3))";
    assertThat(value(evaluate(pair))).matches("\\{\"r\":\\[(\\d+),\\1]}");
  }

  @Test
  void shouldSayWhichArgumentIsMissing() {
    EvaluationError error = error(evaluate("States.ArrayLength($.none)"));
    assertThat(error.error()).isEqualTo("States.Runtime");
    assertThat(error.cause())
        .startsWith("The JsonPath argument for the field '$.none' could not be found in the input");
  }

  @Test
  void shouldTellTheVariablesOfAllArguments() {
    assertThat(ok(compile("States.Format($a, States.Array($b.c, $.d))")).variables())
        .containsExactlyInAnyOrder("a", "b");
  }
}
