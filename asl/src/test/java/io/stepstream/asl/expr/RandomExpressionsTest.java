package io.stepstream.asl.expr;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Expressions put together at random, and broken ones: compiling and evaluating end with a value,
 * in time. A failure prints its seed; {@code -Dstepstream.seed=…} begins there.
 */
class RandomExpressionsTest {

  private static final long FIRST_SEED = Long.getLong("stepstream.seed", 20_261_127L);

  /** The budget of an evaluation and what a busy machine needs besides. */
  private static final Duration IN_TIME = Duration.ofSeconds(5);

  private static final String INPUT =
      """
      {"n":3,"s":"a,b","t":"2026-01-01T00:00:00Z","l":[1,2,{"n":4,"l":[]}],"o":{"k":"v","s":"x"},"z":null}\
      """;

  private static final List<String> FUNCTIONS =
      List.of(
          "string",
          "length",
          "substring",
          "substringBefore",
          "substringAfter",
          "uppercase",
          "lowercase",
          "trim",
          "pad",
          "contains",
          "split",
          "join",
          "match",
          "replace",
          "eval",
          "base64encode",
          "base64decode",
          "encodeUrlComponent",
          "encodeUrl",
          "decodeUrlComponent",
          "decodeUrl",
          "number",
          "abs",
          "floor",
          "ceil",
          "round",
          "power",
          "sqrt",
          "random",
          "formatNumber",
          "formatBase",
          "formatInteger",
          "parseInteger",
          "sum",
          "max",
          "min",
          "average",
          "boolean",
          "not",
          "exists",
          "count",
          "append",
          "sort",
          "reverse",
          "shuffle",
          "distinct",
          "zip",
          "keys",
          "lookup",
          "spread",
          "merge",
          "sift",
          "each",
          "error",
          "assert",
          "type",
          "now",
          "millis",
          "fromMillis",
          "toMillis",
          "map",
          "filter",
          "single",
          "reduce",
          "partition",
          "range",
          "hash",
          "uuid",
          "parse",
          "clone");

  private static final List<String> OPERATORS =
      List.of(
          "+", "-", "*", "/", "%", "&", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in", "~>",
          ".", "..", "?:", "??", ":=", "^", "@$v.", "#$i.");

  private static final String SIGNS = "()[]{}'\"/\\$%.,;:?*~&@#^ \u0000\ud800";

  private static final List<String> INTRINSICS =
      List.of(
          "Format",
          "StringToJson",
          "JsonToString",
          "Array",
          "ArrayPartition",
          "ArrayContains",
          "ArrayRange",
          "ArrayGetItem",
          "ArrayLength",
          "ArrayUnique",
          "Base64Encode",
          "Base64Decode",
          "Hash",
          "JsonMerge",
          "MathRandom",
          "MathAdd",
          "StringSplit",
          "UUID",
          "Nothing");

  @Test
  void expressionsEndWithAValue() {
    evaluate(8_000);
  }

  @Test
  @Tag("slow")
  void expressionsEndWithAValueALot() {
    evaluate(500_000);
  }

  private static void evaluate(int inputs) {
    Map<String, Integer> seen = new TreeMap<>();
    Scope scope = Evaluations.scope(INPUT);
    for (long seed = FIRST_SEED; seed < FIRST_SEED + inputs; seed++) {
      Random random = random(seed);
      int language = random.nextInt(4);
      String text =
          spoil(
              switch (language) {
                case 0 -> path(random);
                case 1 -> intrinsic(random, 3);
                default -> jsonata(random, 3);
              },
              random);
      try {
        long began = System.nanoTime();
        String end = evaluate(language, text, scope);
        assertThat(System.nanoTime() - began).as("time").isLessThan(IN_TIME.toNanos());
        seen.merge(name(language) + " " + end, 1, Integer::sum);
      } catch (Throwable failure) {
        throw new AssertionError("seed " + seed + ": " + text, failure);
      }
    }
    System.out.println("RandomExpressionsTest: " + inputs + " inputs, " + seen);
    // Each language must go on reaching each end, or the property says little.
    assertThat(seen)
        .containsKeys(
            "JSONata value",
            "JSONata failed",
            "JSONata invalid",
            "path value",
            "path failed",
            "path invalid",
            "intrinsic value",
            "intrinsic failed",
            "intrinsic invalid");
  }

  /** Seeds that follow each other would begin alike. */
  private static Random random(long seed) {
    return new Random(seed * 0x9E3779B97F4A7C15L);
  }

  private static String name(int language) {
    return switch (language) {
      case 0 -> "path";
      case 1 -> "intrinsic";
      default -> "JSONata";
    };
  }

  private static String evaluate(int language, String text, Scope scope) {
    Compiled<Expression> compiled =
        switch (language) {
          case 0 -> Expressions.path(text, "InputPath");
          case 1 -> Expressions.template(Map.of("x.$", text), "Parameters");
          default -> Expressions.jsonata("{% " + text + " %}", "Output");
        };
    return switch (compiled) {
      case Compiled.Invalid<Expression> invalid -> {
        assertThat(invalid.toString()).isNotBlank();
        yield "invalid";
      }
      case Compiled.Ok<Expression>(Expression expression) ->
          switch (expression.evaluate(scope)) {
            case Evaluation.Value(Object json) -> {
              assertThat(Json.encode(json)).isNotEmpty();
              yield "value";
            }
            case Evaluation.Failed(EvaluationError error) -> {
              assertThat(error.cause()).isNotBlank();
              yield "failed";
            }
          };
    };
  }

  private static <T> T any(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  private static String jsonata(Random random, int depth) {
    if (depth == 0) {
      return any(
          List.of(
              "$",
              "n",
              "l",
              "s",
              "o.k",
              "$states.input.n",
              "$states.context.State.Name",
              "1",
              "-0",
              "1e9",
              "'x'",
              "\"a\"",
              "true",
              "null",
              "[]",
              "{}",
              "/a+b?/i",
              "/(a|b)*/",
              "l[0]",
              "l[-1]",
              "l.n",
              "**",
              "*",
              "%.n",
              "$x",
              "$nothing",
              "'\\ud83d'",
              "''"),
          random);
    }
    String a = jsonata(random, depth - 1 - random.nextInt(depth));
    String b = jsonata(random, depth - 1 - random.nextInt(depth));
    return switch (random.nextInt(12)) {
      case 0, 1, 2 ->
          "$" + any(FUNCTIONS, random) + "(" + a + (random.nextBoolean() ? ", " + b : "") + ")";
      case 3, 4 -> a + " " + any(OPERATORS, random) + " " + b;
      case 5 -> "(" + a + "; " + b + ")";
      case 6 -> "[" + a + ", " + b + "]";
      case 7 -> "{'k': " + a + ", " + b + ": " + a + "}";
      case 8 -> a + "[" + b + "]";
      case 9 -> a + " ? " + b + " : " + a;
      case 10 -> "($x := " + a + "; " + b + ")";
      default ->
          "$"
              + any(List.of("map", "filter", "reduce", "each", "sift", "sort"), random)
              + "("
              + a
              + ", function($v, $w){ "
              + b
              + " })";
    };
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder("$");
    for (int i = random.nextInt(5); i > 0; i--) {
      path.append(
          any(
              List.of(
                  ".l",
                  ".n",
                  ".o",
                  "..n",
                  "[0]",
                  "[-1]",
                  "[*]",
                  ".*",
                  "['s']",
                  "[0,1]",
                  "[0:2]",
                  "[::2]",
                  "[?(@.n > 1)]",
                  "[?(@ == 'a' || !@.z)]",
                  "[?(@.s =~ /a*b/i)]",
                  ".length()",
                  "[?(@.l[0])]",
                  ".none",
                  "['a.b']",
                  "[99999999999]"),
              random));
    }
    return path.toString();
  }

  private static String intrinsic(Random random, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return any(
          List.of(
              "$.n",
              "$.l",
              "$.s",
              "1",
              "-1",
              "'a'",
              "'{}'",
              "null",
              "true",
              "$$.State.Name",
              "$.none"),
          random);
    }
    StringBuilder call = new StringBuilder("States.").append(any(INTRINSICS, random)).append('(');
    for (int i = random.nextInt(4); i > 0; i--) {
      call.append(intrinsic(random, depth - 1)).append(i > 1 ? ", " : "");
    }
    return call.append(')').toString();
  }

  /** Every third is broken somewhere. */
  private static String spoil(String expression, Random random) {
    if (random.nextInt(3) != 0) {
      return expression;
    }
    StringBuilder text = new StringBuilder(expression);
    int at = random.nextInt(text.length());
    switch (random.nextInt(3)) {
      case 0 -> text.deleteCharAt(at);
      case 1 -> text.insert(at, SIGNS.charAt(random.nextInt(SIGNS.length())));
      default -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
    }
    return text.toString();
  }
}
