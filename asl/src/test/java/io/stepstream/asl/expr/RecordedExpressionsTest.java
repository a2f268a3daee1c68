package io.stepstream.asl.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Executions recorded from AWS that need nothing but expressions: Pass, Choice, Succeed and Fail
 * states, walked here by the shortest loop that can. The folder is given by the system property
 * {@code stepstream.conformance}.
 */
class RecordedExpressionsTest {

  private static final Set<String> CATEGORIES =
      Set.of(
          "intrinsics",
          "floe-intrinsics",
          "choice",
          "base",
          "assign",
          "output",
          "arguments",
          "evaluate-jsonata",
          "query-language",
          "scenarios",
          "comments",
          "context-object",
          "error-output-variables");

  private static final Set<String> TYPES = Set.of("Pass", "Choice", "Succeed", "Fail");

  /** Tokens that the recorder put where runs differ. */
  private static final Set<String> WILDCARDS =
      Set.of(
          "RandomNumberGenerated",
          "generated-uuid",
          "timestamp",
          "date",
          "start-time",
          "entered-time",
          "snf_role_arn",
          "sfn_role_arn");

  @TestFactory
  Stream<DynamicTest> shouldAnswerAsRecorded() throws IOException {
    String folder = System.getProperty("stepstream.conformance");
    if (folder == null) {
      String reason = "skipped: the system property stepstream.conformance names no folder";
      return Stream.of(DynamicTest.dynamicTest(reason, () -> abort(reason)));
    }
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of(folder, "cases"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        if (CATEGORIES.contains(file.getParent().getFileName().toString())) {
          Map<?, ?> recorded = read(file);
          if (isOfExpressionsOnly(recorded)) {
            tests.add(DynamicTest.dynamicTest(file.getFileName().toString(), () -> run(recorded)));
          }
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(400);
    return tests.stream();
  }

  private static Map<?, ?> read(Path file) {
    try {
      return (Map<?, ?>) ((Decoded.Tree) Json.decode(Files.readAllBytes(file))).json();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOfExpressionsOnly(Map<?, ?> recorded) {
    if (!"execution".equals(recorded.get("kind"))
        || !(recorded.get("definition") instanceof Map<?, ?> definition)
        || !(definition.get("States") instanceof Map<?, ?> states)
        || recorded.get("timeTemplate") != null) {
      return false;
    }
    return states.values().stream()
        .allMatch(state -> TYPES.contains(String.valueOf(((Map<?, ?>) state).get("Type"))));
  }

  private static void run(Map<?, ?> recorded) {
    Map<?, ?> expected = (Map<?, ?>) recorded.get("expect");
    Run run = new Run(recorded);
    run.run();
    assertThat(run.status).as(run.toString()).isEqualTo(expected.get("status"));
    if (run.status.equals("SUCCEEDED")) {
      Object output = expected.get("output");
      // The recorder keeps all but objects as AWS's raw text.
      Object actual =
          output instanceof String && !(run.output instanceof String)
              ? Json.encode(run.output)
              : run.output;
      assertThat(matches(output, actual)).as(output + " but was " + Json.encode(actual)).isTrue();
    } else {
      assertThat(run.error).isEqualTo(expected.get("error"));
      assertThat(matches(expected.get("cause"), run.cause))
          .as(expected.get("cause") + " but was " + run.cause)
          .isTrue();
    }
  }

  private static boolean matches(Object expected, Object actual) {
    if (expected == null || actual == null) {
      return expected == actual;
    }
    if (expected instanceof String text) {
      if (WILDCARDS.contains(text)) {
        return true;
      }
      String regex = text.replaceAll("([\\\\.\\[\\]{}()*+?^$|])", "\\\\$1");
      regex = regex.replaceAll("<[^<>]+>", ".*");
      String shown = actual instanceof String string ? string : Json.encode(actual);
      return shown.matches("(?s)" + regex) || ('"' + shown + '"').matches("(?s)" + regex);
    }
    if (expected instanceof Map<?, ?> object && actual instanceof Map<?, ?> other) {
      return object.keySet().equals(other.keySet())
          && object.entrySet().stream().allMatch(e -> matches(e.getValue(), other.get(e.getKey())));
    }
    if (expected instanceof List<?> array && actual instanceof List<?> other) {
      return array.size() == other.size()
          && Stream.iterate(0, i -> i < array.size(), i -> i + 1)
              .allMatch(i -> matches(array.get(i), other.get(i)));
    }
    return Json.equal(expected, actual);
  }

  /** One execution. */
  private static final class Run {
    private final Map<?, ?> definition;
    private final Map<?, ?> states;
    private final Map<String, Object> variables = new HashMap<>();
    private Map<String, Object> context = new LinkedHashMap<>();
    private final Entropy entropy = new FixedEntropy();
    private Object output;
    private String status = "SUCCEEDED";
    private Object error;
    private Object cause;
    private String current;
    private int events = 2;

    Run(Map<?, ?> recorded) {
      definition = (Map<?, ?>) recorded.get("definition");
      states = (Map<?, ?>) definition.get("States");
      current = (String) definition.get("StartAt");
      Object input = recorded.get("input");
      output = input == null || input == Json.NULL ? new LinkedHashMap<>() : input;
      String name = "machine-name";
      Map<String, Object> execution = new LinkedHashMap<>();
      execution.put("Id", "arn:aws:states:us-east-1:111111111111:execution:" + name + ":execution");
      execution.put("Input", output);
      execution.put("StartTime", "2024-01-01T00:00:00Z");
      execution.put("Name", "execution");
      execution.put("RoleArn", "role");
      execution.put("RedriveCount", 0);
      context.put("Execution", execution);
      Map<String, Object> machine = new LinkedHashMap<>();
      machine.put("Id", "arn:aws:states:us-east-1:111111111111:stateMachine:" + name);
      machine.put("Name", name);
      context.put("StateMachine", machine);
    }

    void run() {
      for (int steps = 0; current != null && steps < 100; steps++, events += 2) {
        Map<?, ?> state = (Map<?, ?>) states.get(current);
        Map<String, Object> entered = new LinkedHashMap<>();
        entered.put("Name", current);
        entered.put("EnteredTime", "2024-01-01T00:00:00Z");
        // A new map, as earlier outputs may hold the old one.
        context = new LinkedHashMap<>(context);
        context.put("State", entered);
        Object language =
            state.containsKey("QueryLanguage")
                ? state.get("QueryLanguage")
                : definition.get("QueryLanguage");
        try {
          boolean jsonata = "JSONata".equals(language);
          switch ((String) state.get("Type")) {
            case "Fail" -> fail(state, jsonata);
            case "Choice" -> choice(state, jsonata);
            case "Pass" -> pass(state, jsonata);
            default -> succeed(state, jsonata);
          }
        } catch (Stop stop) {
          status = "FAILED";
          error = stop.error.error();
          cause =
              "An error occurred while executing the state '%s' (entered at the event id #%d). %s"
                  .formatted(current, events, stop.error.cause());
          return;
        }
      }
    }

    private Scope scope(Object input) {
      return new Scope(input, context, null, null, Map.copyOf(variables), entropy);
    }

    private static Object get(Evaluation evaluation) {
      return switch (evaluation) {
        case Evaluation.Value(Object json) -> json;
        case Evaluation.Failed(EvaluationError failure) -> throw new Stop(failure);
      };
    }

    private void assign(Map<?, ?> holder, Scope scope, boolean jsonata) {
      if (holder.get("Assign") instanceof Map<?, ?> fields) {
        Map<String, Object> values = new HashMap<>();
        Evaluations.ok(
                jsonata
                    ? Expressions.jsonataFields(fields, "Assign")
                    : Expressions.templateFields(fields, "Assign"))
            .forEach((name, value) -> values.put(name, get(value.evaluate(scope))));
        variables.putAll(values);
      }
    }

    private void pass(Map<?, ?> state, boolean jsonata) {
      Object raw = output;
      if (jsonata) {
        Scope scope = scope(raw);
        assignAndOutput(state, state, scope);
      } else {
        Object effective = at(state, "InputPath", raw);
        Object result = effective;
        if (state.containsKey("Parameters")) {
          result =
              get(
                  Evaluations.ok(Expressions.template(state.get("Parameters"), "Parameters"))
                      .evaluate(scope(effective)));
        }
        if (state.containsKey("Result")) {
          result = state.get("Result");
        }
        Object resultPath = state.containsKey("ResultPath") ? state.get("ResultPath") : "$";
        Object merged =
            get(Evaluations.ok(Expressions.resultPath(resultPath, "ResultPath")).put(raw, result));
        Object next = at(state, "OutputPath", merged);
        assign(state, scope(result), false);
        output = next;
      }
      next(state);
    }

    private Object at(Map<?, ?> state, String field, Object json) {
      return state.containsKey(field)
          ? get(
              Evaluations.ok(Expressions.nullablePath(state.get(field), field))
                  .evaluate(scope(json)))
          : json;
    }

    private void assignAndOutput(Map<?, ?> holder, Map<?, ?> state, Scope scope) {
      Object result =
          holder.containsKey("Output")
              ? get(
                  Evaluations.ok(Expressions.jsonata(holder.get("Output"), "Output"))
                      .evaluate(scope))
              : output;
      assign(holder, scope, true);
      output = result;
    }

    private void next(Map<?, ?> state) {
      current = (String) state.get("Next");
    }

    private void succeed(Map<?, ?> state, boolean jsonata) {
      if (jsonata) {
        assignAndOutput(state, state, scope(output));
      } else {
        output = at(state, "OutputPath", at(state, "InputPath", output));
      }
      current = null;
    }

    @SuppressWarnings("unchecked")
    private void choice(Map<?, ?> state, boolean jsonata) {
      Object effective = jsonata ? output : at(state, "InputPath", output);
      for (Object each : (List<?>) state.get("Choices")) {
        Map<String, Object> rule = (Map<String, Object>) each;
        Condition condition =
            Evaluations.ok(
                jsonata
                    ? Expressions.jsonataCondition(rule.get("Condition"), "Choices[0]/Condition")
                    : Expressions.choiceRule(rule, "Choices[0]"));
        if (get(condition.test(scope(effective))).equals(true)) {
          if (jsonata) {
            assignAndOutput(rule, state, scope(output));
          } else {
            assign(rule, scope(effective), false);
          }
          next(rule);
          return;
        }
      }
      if (jsonata) {
        assignAndOutput(state, state, scope(output));
      } else {
        assign(state, scope(effective), false);
      }
      current = (String) state.get("Default");
    }

    private void fail(Map<?, ?> state, boolean jsonata) {
      error = text(state, "Error", jsonata);
      cause = text(state, "Cause", jsonata);
      status = "FAILED";
      current = null;
    }

    private Object text(Map<?, ?> state, String field, boolean jsonata) {
      if (state.containsKey(field + "Path")) {
        return get(
            Evaluations.ok(
                    Expressions.referencePathOrIntrinsic(state.get(field + "Path"), field + "Path"))
                .evaluate(scope(output)));
      }
      if (!state.containsKey(field)) {
        return null;
      }
      return get(
          (jsonata
                  ? Evaluations.ok(Expressions.jsonata(state.get(field), field))
                  : Expressions.constant(state.get(field)))
              .evaluate(scope(output)));
    }

    @Override
    public String toString() {
      return status + " " + error + ": " + cause;
    }
  }

  private static final class Stop extends RuntimeException {
    private final transient EvaluationError error;

    Stop(EvaluationError error) {
      super(error.toString());
      this.error = error;
    }
  }
}
