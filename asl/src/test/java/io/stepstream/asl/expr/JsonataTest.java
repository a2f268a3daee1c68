package io.stepstream.asl.expr;

import static io.stepstream.asl.expr.Evaluations.error;
import static io.stepstream.asl.expr.Evaluations.invalid;
import static io.stepstream.asl.expr.Evaluations.json;
import static io.stepstream.asl.expr.Evaluations.object;
import static io.stepstream.asl.expr.Evaluations.ok;
import static io.stepstream.asl.expr.Evaluations.scope;
import static io.stepstream.asl.expr.Evaluations.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.json.Json;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonataTest {

  private static final String INPUT =
      """
      {"n":5,"big":9007199254740993,"objs":[{"o":{"z":1}},{"o":{"z":2}}],"arr":[1,2,3],\
      "one":[7],"none":[],"s":"abc","nul":null,"mixed":[1,"a"]}\
      """;

  private static Compiled<Expression> compile(String expression) {
    return Expressions.jsonata("{% " + expression + " %}", "Output/r");
  }

  private static Evaluation evaluate(String expression) {
    return ok(compile(expression)).evaluate(scope(INPUT, "{\"v\":{\"w\":[1]},\"count\":3}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1 + 1|2",
        "$states.input.n|5",
        "$states.input.big|9007199254740993",
        "$states.input.nul|null",
        "$states.input.none|[]",
        "$states.input.one|[7]",
        "$states.input.objs.o.z|[1,2]",
        "$states.input.objs[o.z = 1].o|{\"z\":1}",
        "$states.context.State.Name|\"S\"",
        "$v.w|[1]",
        "$v.w[0] + $states.input.n|6",
        "$sum($states.input.arr)|6",
        "{\"a\": $states.input.nul, \"b\": $states.input.arr[$ > 1]}|{\"a\":null,\"b\":[2,3]}",
        "$range(1, 9, 9)|1",
        "$range(1, 9, 2)|[1,3,5,7,9]",
        "$partition([1,2,3], 2)|[[1,2],[3]]",
        "$partition([1], 2)|[[1]]",
        "$hash(\"input data\", \"SHA-1\")|\"aaff4a450a104cd177d28d18d74485e8cae074b7\"",
        "$parse('{\"a\":[1,null]}')|{\"a\":[1,null]}",
        "$millis()|1700000000000",
        "$now()|\"2023-11-14T22:13:20.000Z\"",
        "$pad(\"x\", -5, \"ab\")|\"ababx\"",
        "$pad(\"x\", 3)|\"x  \"",
        "$sort([12, 5.9, 8])|[5.9,8,12]",
        "$sort($states.input.objs, function($a, $b){ $a.o.z < $b.o.z }).o.z|[2,1]",
        "$contains(\"hello$world\", /^hello\\$/)|true",
        "$contains(\"abc\", \"d\")|false",
        "\"abc\" ~> /B/i ~> $lookup(\"match\")|\"b\"",
        "$match(\"ababb\", /a(b+)/).groups|[\"b\",\"bb\"]",
        "$match(\"ababb\", /a(b+)/, 1).match|\"ab\"",
        "$replace(\"hello world\", /o(.)/, \"<$1$$>\")|\"hell< $>w<r$>ld\"",
        "$replace(\"hello\", \"l\", \"L\", 1)|\"heLlo\"",
        "$replace(\"abc\", /b/, function($m){ $uppercase($m.match) })|\"aBc\"",
        "$split(\"a, b,c\", /,\\s*/)|[\"a\",\"b\",\"c\"]",
        "$split(\"a,b,c\", \",\", 2)|[\"a\",\"b\"]",
        "$split(\"abc\", \"\")|[\"a\",\"b\",\"c\"]",
        "$join([\"a\",\"b\"], \"-\")|\"a-b\"",
        "6 / 2 / 3|1",
        "$states.input.n / 2 & \"/\"|\"2.5/\"",
        "\"a\" in [\"a\"] ? /* c / */ \"yes\" : \"no\"|\"yes\"",
        "($x := 2; $f := function($y)<n:n>{ $x * $y }; $f(4))|8",
        "$states.input.objs^(>o.z)[0].o.z|2",
        "$states.input.objs.{\"k\": o.z}|[{\"k\":1},{\"k\":2}]",
        "$states.input.arr#$i.($i * $)|[0,2,6]",
        "$string({\"a\":[1]})|\"{\\\"a\\\":[1]}\"",
        "$count + 1|4"
      })
  void shouldEvaluate(String expression, String expected) {
    assertThat(value(evaluate(expression))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$states.input.missing",
        "$states.input.s.x",
        "$states.result",
        "$states.errorOutput.Cause",
        "$undefined",
        "$states.input.arr[10]"
      })
  void shouldFailWhereThereIsNothing(String expression) {
    EvaluationError error = error(evaluate(expression));
    assertThat(error)
        .isEqualTo(
            new EvaluationError(
                "States.QueryEvaluationError",
                "The JSONata expression '%s' specified for the field 'Output/r' returned nothing (undefined)."
                    .formatted(expression),
                "Output/r"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "$abs(\"a\")|. T0410: Argument 1 of function \"abs\" does not match function signature",
        "$sum($states.input.mixed)|. T0412: Argument 1 of function \"sum\" must be an array of"
            + " \"numbers\"",
        "$eval(\"1+1\")|. T1006: Attempted to invoke a non-function",
        "$number(\"x\")|. D3030: Unable to cast value to a number: \"x\"",
        "$error(\"boom\")|. D3137: boom",
        "$sort([1, \"a\"])|. D3070: The single argument form of the sort function can only be"
            + " applied to an array of strings or an array of numbers.  Use the second argument to"
            + " specify a comparison function",
        "$sum([1..900000])|: Expression evaluation memory limit exceeded: Check for excessive"
            + " memory usage"
      })
  void shouldSayWhatWentWrong(String expression, String tail) {
    assertThat(error(evaluate(expression)).cause())
        .isEqualTo(
            "The JSONata expression '%s' specified for the field 'Output/r' threw an error during evaluation%s"
                .formatted(expression, tail));
  }

  @ParameterizedTest
  @ValueSource(strings = {"$uppercase", "[$uppercase]", "{\"f\": function($x){$x}}", "/re/"})
  void shouldRefuseFunctionsAsResults(String expression) {
    assertThat(error(evaluate(expression)).error()).isEqualTo("States.QueryEvaluationError");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1 +|Unexpected end of expression",
        "$states.input[1,2)|Expected \"]\", got \",\"",
        "\"unterminated|String literal must be terminated by a matching quote",
        "$match(\"a\", /abc|No terminating / in regular expression",
        "$match(\"a\", /[z-a]/)|Invalid regular expression: Illegal character range"
      })
  void shouldRefuseWhatIsNotJsonata(String expression, String message) {
    Compiled.Invalid<Expression> invalid = invalid(compile(expression));
    assertThat(invalid.code()).isEqualTo("INVALID_JSONATA_EXPRESSION");
    assertThat(invalid.message()).isEqualTo(message);
    assertThat(invalid.location()).isEqualTo("Output/r");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "phone|phone",
        "phone.number|phone",
        "`my phone`|my phone",
        "{\"a\": phone}|phone",
        "$sum(items)|items",
        "$states.input.n + phone|phone",
        "$|$",
        "$$.x|$$",
        "*|*",
        "function($x){ $x + phone }|phone",
        "and|and"
      })
  void shouldRefuseReferencesToAnInputDocument(String expression, String name) {
    Compiled.Invalid<Expression> invalid = invalid(compile(expression));
    assertThat(invalid.code()).isEqualTo("UNSUPPORTED_JSONATA_EXPRESSION");
    assertThat(invalid.message())
        .isEqualTo("Reference to '%s' at the top level is not supported.".formatted(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "$states.input.x|",
        "$a + $b.c|a b",
        "($x := 1; $x + $y)|y",
        "$map($l, function($v, $i){ $v * $i * $z })|l z",
        "$l@$e.(e = $e)|l",
        "\"$no\" & /$no/ & `$no`|",
        "$uppercase($name)|name"
      })
  void shouldTellWhichVariablesItReads(String expression, String variables) {
    JsonataScanner.Scan scan = JsonataScanner.scan(expression);
    assertThat(scan.rewritten()).isNotBlank();
    if (compile(expression) instanceof Compiled.Ok<Expression>(Expression compiled)) {
      assertThat(compiled.variables())
          .containsExactlyInAnyOrder(variables == null ? new String[0] : variables.split(" "));
    } else {
      assertThat(variables).isNull();
    }
  }

  @Test
  void shouldFindExpressionsAtAnyDepthAndNameThem() {
    Object field = json("{\"a\":[1,\"{% $v.w[0] %}\",{\"b\":\"{% 2 %}\"}],\"c\":\" {% 1 %}\"}");
    Expression expression = ok(Expressions.jsonata(field, "Output"));
    assertThat(value(expression.evaluate(scope("{}", "{\"v\":{\"w\":[9]}}"))))
        .isEqualTo("{\"a\":[1,9,{\"b\":2}],\"c\":\" {% 1 %}\"}");
    assertThat(expression.variables()).containsExactly("v");

    EvaluationError error =
        error(
            ok(Expressions.jsonata(json("{\"a\":[1,{\"b\":\"{% $no %}\"}]}"), "Output"))
                .evaluate(scope("{}")));
    assertThat(error.location()).isEqualTo("Output/a[1]/b");
  }

  @Test
  void shouldTransform() {
    assertThat(value(evaluate("$states.input ~> |objs.o|{\"k\": z}, \"z\"| ~> $lookup(\"objs\")")))
        .isEqualTo("[{\"o\":{\"k\":1}},{\"o\":{\"k\":2}}]");
  }

  @Test
  void shouldGiveTheFieldsOfAssignOneByOne() {
    assertThat(ok(Expressions.jsonataFields(object("{\"a\":\"{% $b %}\",\"c\":1}"), "Assign")))
        .containsOnlyKeys("a", "c");
    invalid(Expressions.jsonataFields("{% 1 %}", "Assign"));
  }

  @Test
  void shouldCheckTheTypeOfAField() {
    Expression items = ok(Expressions.jsonata("{% {'foo': 'bar'} %}", "Items", ResultType.ARRAY));
    assertThat(error(items.evaluate(scope("{}"))).cause())
        .isEqualTo(
            "The JSONata expression '{'foo': 'bar'}' specified for the field 'Items' returned an"
                + " unexpected result type. Expected 'array', but was 'object' for value:"
                + " {\"foo\":\"bar\"}");
    assertThat(
            value(
                ok(Expressions.jsonata("{% [1] %}", "Items", ResultType.ARRAY))
                    .evaluate(scope("{}"))))
        .isEqualTo("[1]");
  }

  @Test
  void shouldTestConditions() {
    Condition condition =
        ok(Expressions.jsonataCondition("{% $states.input.n > 3 %}", "Choices[0]/Condition"));
    assertThat(condition.test(scope("{\"n\":4}"))).isEqualTo(Evaluation.of(true));
    assertThat(condition.test(scope("{\"n\":2}"))).isEqualTo(Evaluation.of(false));
    assertThat(ok(Expressions.jsonataCondition(true, "Choices[0]/Condition")).test(scope("{}")))
        .isEqualTo(Evaluation.of(true));
    assertThat(
            error(
                    ok(Expressions.jsonataCondition("{% 1 %}", "Choices[0]/Condition"))
                        .test(scope("{}")))
                .cause())
        .contains("Expected 'boolean', but was 'number' for value: 1");
    invalid(Expressions.jsonataCondition("yes", "Choices[0]/Condition"));
  }

  @Test
  void shouldSeeResultAndErrorOutputWhereTheyExist() {
    Scope scope =
        scope("{}").withResult(json("{\"a\":1}")).withErrorOutput(json("{\"Error\":\"E\"}"));
    assertThat(value(ok(compile("$states.result.a")).evaluate(scope))).isEqualTo("1");
    assertThat(value(ok(compile("$states.errorOutput.Error & '!'")).evaluate(scope)))
        .isEqualTo("\"E!\"");
  }

  @Test
  void shouldDrawFromTheStepsEntropyOnly() {
    String expression = "[$random(), $uuid(), $shuffle([1..9]), $random(5)]";
    assertThat(value(evaluate(expression))).isEqualTo(value(evaluate(expression)));
  }

  @Test
  void shouldNotChangeItsInputs() {
    Scope scope = scope(INPUT);
    String before = Json.encode(scope.input());
    evaluate("$states.input ~> |objs|{\"k\": 1}|");
    ok(compile("$append($states.input.arr, 4)")).evaluate(scope);
    ok(compile("$sort($states.input.arr, function($a, $b){ $a < $b })")).evaluate(scope);
    assertThat(Json.encode(scope.input())).isEqualTo(before);
  }

  /**
   * The library keeps one instance per thread whose environment it overwrites, and compiling makes
   * the expression that instance. Here this thread has compiled {@code other} last; if that were
   * its instance still, other threads would see the variables of what this thread evaluates.
   */
  @Test
  void shouldKeepEvaluationsOnDifferentThreadsApart() throws Exception {
    Expression secret = ok(compile("$map([1..50], function($i){ $secret & $i })[49]"));
    Expression other = ok(compile("$exists($secret) ? $secret : ([1..20].($ + 1))[19]"));
    AtomicBoolean stop = new AtomicBoolean();
    Callable<Set<String>> observe =
        () -> {
          Set<String> seen = new HashSet<>();
          while (!stop.get()) {
            seen.add(value(other.evaluate(scope("{}"))));
          }
          return seen;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Set<String>> first = threads.submit(observe);
      Future<Set<String>> second = threads.submit(observe);
      for (int i = 0; i < 2_000; i++) {
        Scope own = scope("{}", "{\"secret\":\"s" + i + "-\"}");
        assertThat(value(secret.evaluate(own))).isEqualTo("\"s" + i + "-50\"");
      }
      stop.set(true);
      assertThat(first.get()).containsExactly("21");
      assertThat(second.get()).containsExactly("21");
    } finally {
      stop.set(true);
    }
  }
}
