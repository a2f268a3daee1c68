package io.stepstream.asl.expr;

import static io.stepstream.asl.expr.Evaluations.error;
import static io.stepstream.asl.expr.Evaluations.ok;
import static io.stepstream.asl.expr.Evaluations.scope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions that would hang or kill their thread. Each must end in time, as a value. */
class JsonataBoundsTest {

  /** The budget of an evaluation and what a busy machine needs besides. */
  private static final Duration IN_TIME = Duration.ofSeconds(3);

  private static Evaluation evaluate(String expression) {
    return assertTimeout(
        IN_TIME,
        () -> ok(Expressions.jsonata("{% " + expression + " %}", "Output")).evaluate(scope("{}")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "($f := function($n){ $f($n + 1) }; $f(1))",
        "$contains($pad('', 5000, 'a'), /a*a*a*a*a*a*a*a*b/)",
        "$match($pad('', 50, 'a') & 'c', /^(a+)+\\1b$/)",
        "$match($pad('', 50, 'a') & 'c', /^(a|aa)+\\1b$/)",
        "$replace($pad('', 5000, 'a'), /a*a*a*a*a*a*b/, 'x')",
        "$split($pad('', 5000, 'a'), /a*a*a*a*a*a*b/)",
        "/a*a*a*a*a*a*a*a*b/($pad('', 5000, 'a'))",
        "($r := /a*a*a*a*a*a*a*a*b/; $pad('', 5000, 'a') ~> $r)",
        "$reduce([1..400000], function($a, $b){ $append($a, $b) })",
        "$map([1..400000], function($i){ $sum([1..1000]) })"
      })
  void shouldStopWhatTakesTooLong(String expression) {
    assertThat(error(evaluate(expression)).cause())
        .endsWith(
            "threw an error during evaluation: Expression evaluation timeout: Check for infinite"
                + " loop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$pad('x', 5000000)",
        "$pad('x', -1e300)",
        "$range(0, 1e18)",
        "[1..900000]",
        "($p := function($s, $n){ $n = 0 ? $s : $p($s & $s, $n - 1) }; $length($p('x', 40)))",
        "($d := function($l, $n){ $n = 0 ? $l : $d([$l, $l], $n - 1) }; $d([1], 60))",
        "($d := function($l, $n){ $n = 0 ? $l : $d({'a': $l, 'b': $l}, $n - 1) }; $d({}, 60))",
        "($d := function($l, $n){ $n = 0 ? $l : $d([$l, $l], $n - 1) }; $string($d([1], 60)))",
        "($d := function($l, $n){ $n = 0 ? $l : $d([$l, [$l]], $n - 1) }; $d([1], 60) & '')",
        "($x := $pad('', 1000000, 'y'); $join([$x, $x, $x, $x, $x, $x]))",
        "($x := $pad('', 100000, 'y'); $replace($x, 'y', $x))"
      })
  void shouldStopWhatGrowsTooLarge(String expression) {
    // On a busy machine the deadline may come before the size; either bound stops it.
    assertThat(error(evaluate(expression)).cause())
        .matches(
            ".* threw an error during evaluation: Expression evaluation "
                + "(memory limit exceeded: Check for excessive memory usage"
                + "|timeout: Check for infinite loop)");
  }

  @Test
  void shouldStopWhatNestsTooDeeply() {
    String recursion = "($f := function($n){ 1 + $f($n + 1) }; $f(1))";
    assertThat(error(evaluate(recursion)).cause()).contains("Stack overflow error");
  }

  @Test
  void shouldAllowReasonableDepth() {
    assertThat(evaluate("($f := function($n){ $n = 0 ? 0 : 1 + $f($n - 1) }; $f(100))"))
        .isEqualTo(Evaluation.of(100));
    assertThat(evaluate("1" + "+1".repeat(199))).isEqualTo(Evaluation.of(200));
  }

  @Test
  void shouldSurviveAThreadWithASmallStack() throws InterruptedException {
    Expression deep =
        ok(Expressions.jsonata("{% ($f := function($n){ 1 + $f($n + 1) }; $f(1)) %}", "Output"));
    Evaluation[] result = new Evaluation[1];
    Thread thread =
        new Thread(null, () -> result[0] = deep.evaluate(scope("{}")), "small", 200_000);
    thread.start();
    thread.join();
    assertThat(error(result[0]).cause()).contains("Stack overflow error");
  }

  @Test
  void shouldRefuseTextsThatNestWithoutEnd() {
    String nested = "(".repeat(50_000) + "1" + ")".repeat(50_000);
    assertTimeout(
        Duration.ofSeconds(10),
        () ->
            assertThat(Expressions.jsonata("{% " + nested + " %}", "Output"))
                .isInstanceOf(Compiled.Invalid.class));
  }

  @Test
  void shouldPadLongTextsQuickly() {
    assertThat(evaluate("$length($pad('x', 1000000))")).isEqualTo(Evaluation.of(1_000_000));
  }
}
