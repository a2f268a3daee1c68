package io.stepstream.asl.expr;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Utils;
import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The JSONata library behind AWS's rules: the one class that knows it.
 *
 * <p>Three habits of the library shape this class. A frame's parents are ignored, so everything
 * that an expression may see is bound into one new frame. The class keeps a "current" instance per
 * thread, and compiling makes the compiled expression that instance (see {@link #compile}). Java's
 * null means undefined and {@link Json#NULL} means null, as long as its conversions are switched
 * off.
 *
 * <p>Safe to share between threads: an evaluation changes nothing but its own frame.
 */
final class JsonataProgram {

  /** Nested evaluations; AWS's own stack ends earlier, ours far later. */
  private static final int MAX_NESTING = 1000;

  /** Longer texts take the library's tokenizer a time that grows with their square. */
  private static final int MAX_TEXT = 128 * 1024;

  private final Jsonata jsonata;
  private final List<String> names;
  private final List<JsonataFunction> functions;
  private final List<Pattern> regexes;
  private final boolean concatenates;

  private JsonataProgram(
      Jsonata jsonata,
      List<String> names,
      List<JsonataFunction> functions,
      List<Pattern> regexes,
      boolean concatenates) {
    this.jsonata = jsonata;
    this.names = names;
    this.functions = functions;
    this.regexes = regexes;
    this.concatenates = concatenates;
  }

  /** The outcome of compiling. */
  sealed interface Result {
    record Ok(JsonataProgram program) implements Result {}

    record Refused(String message) implements Result {}
  }

  /** The outcome of an evaluation. */
  sealed interface Outcome {
    record Value(Object json) implements Outcome {}

    record Undefined() implements Outcome {}

    /**
     * @param code null: a bound was exceeded
     */
    record Failed(@Nullable String code, String message) implements Outcome {}
  }

  static Result compile(JsonataScanner.Scan scan) {
    if (scan.rewritten().length() > MAX_TEXT) {
      return new Result.Refused("The expression is too long");
    }
    try {
      List<Pattern> regexes = new ArrayList<>();
      for (JsonataScanner.Regex regex : scan.regexes()) {
        regexes.add(RegexMatcher.compile(regex));
      }
      Jsonata jsonata = Jsonata.jsonata(scan.rewritten());
      // Compiling has made this expression the thread's current instance, whose environment the
      // library overwrites during evaluations of others. A second thread that evaluates this
      // expression at that moment would see the first one's variables. So give it another.
      Jsonata.jsonata("null");
      jsonata.setValidateInput(false);
      jsonata.setOutputConvertNulls(false);
      return new Result.Ok(program(jsonata, scan, regexes));
    } catch (JException e) {
      return new Result.Refused(
          JsonataMessages.of(e.getError(), e.getMessage(), e.getExpected(), List.of()));
    } catch (PatternSyntaxException e) {
      return new Result.Refused("Invalid regular expression: " + e.getDescription());
    } catch (StackOverflowError e) {
      return new Result.Refused("The expression is nested too deeply");
    } catch (RuntimeException e) {
      // The parser trips over some malformed texts.
      return new Result.Refused("Syntax error");
    }
  }

  private static JsonataProgram program(
      Jsonata jsonata, JsonataScanner.Scan scan, List<Pattern> regexes) {
    List<String> names = new ArrayList<>();
    List<JsonataFunction> functions = new ArrayList<>();
    for (String name : scan.referenced()) {
      JsonataFunction function = JsonataFunction.named(name);
      if (function != null) {
        functions.add(function);
      }
      if (!name.equals("states")) {
        names.add(name);
      }
    }
    return new JsonataProgram(
        jsonata,
        List.copyOf(names),
        List.copyOf(functions),
        List.copyOf(regexes),
        scan.rewritten().indexOf('&') >= 0);
  }

  Outcome evaluate(Scope scope) {
    Run run = new Run(scope.entropy(), Deadline.start(), concatenates);
    try {
      Object result = jsonata.evaluate(null, frame(scope, run));
      return result == null
          ? new Outcome.Undefined()
          : new Outcome.Value(new JsonataResult(run.deadline()).json(result));
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return failed(e);
    } catch (Error e) {
      // The library throws plain errors for arguments that it doesn't expect; the machine's own
      // errors are subclasses.
      if (e.getClass() != Error.class) {
        throw e;
      }
      return failed(e);
    }
  }

  private Outcome failed(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case JsonataFault fault -> {
          return new Outcome.Failed(fault.code(), String.valueOf(fault.getMessage()));
        }
        case JException e -> {
          return new Outcome.Failed(
              e.getError(),
              JsonataMessages.of(e.getError(), e.getMessage(), e.getExpected(), names));
        }
        case NumberFormatException e -> {
          return new Outcome.Failed("D3030", JsonataMessages.notANumber(e));
        }
        case StackOverflowError _ -> {
          return failed(JsonataFault.stackOverflow());
        }
        case OutOfMemoryError _ -> {
          return failed(JsonataFault.memory());
        }
        default -> {}
      }
    }
    return new Outcome.Failed(null, "The expression can't be evaluated with these values");
  }

  private Jsonata.Frame frame(Scope scope, Run run) {
    Jsonata.Frame frame = jsonata.createFrame();
    for (int i = 0; i < functions.size(); i++) {
      bind(frame, functions.get(i), run);
    }
    for (int i = 0; i < regexes.size(); i++) {
      frame.bind(
          JsonataScanner.REGEX_VARIABLE + i,
          (Object) new RegexFunction(new RegexMatcher(regexes.get(i)), run));
    }
    Map<String, Object> variables = scope.variables();
    for (int i = 0; i < names.size(); i++) {
      Object value = variables.get(names.get(i));
      if (value != null) {
        frame.bind(names.get(i), value);
      }
    }
    Map<String, Object> states = states(scope);
    run.states = states;
    frame.bind("states", (Object) states);
    frame.setEvaluateEntryCallback((_, _, _) -> run.enter());
    frame.setEvaluateExitCallback((_, _, _, result) -> run.exit(result));
    return frame;
  }

  private static void bind(Jsonata.Frame frame, JsonataFunction function, Run run) {
    Jsonata.JFunction bound =
        new Jsonata.JFunction(
            (_, arguments) -> function.call(untyped(arguments), run), function.signature());
    frame.bind(function.aslName(), (Object) bound);
  }

  @SuppressWarnings("unchecked")
  private static List<@Nullable Object> untyped(List<?> arguments) {
    return (List<@Nullable Object>) arguments;
  }

  /** JSONata's view of a state: a map over trees that are decoded already, nothing is copied. */
  private static Map<String, Object> states(Scope scope) {
    Map<String, Object> states = LinkedHashMap.newLinkedHashMap(4);
    states.put("input", scope.input());
    states.put("context", scope.context());
    if (scope.result() != null) {
      states.put("result", scope.result());
    }
    if (scope.errorOutput() != null) {
      states.put("errorOutput", scope.errorOutput());
    }
    return states;
  }

  /** A regular expression as a value, which JSONata takes for a function. */
  private static final class RegexFunction extends Jsonata.JFunction {
    private final RegexMatcher matcher;

    RegexFunction(RegexMatcher matcher, Run run) {
      super((_, arguments) -> apply(matcher, arguments, run), null);
      this.matcher = matcher;
    }

    private static @Nullable Object apply(RegexMatcher matcher, List<?> arguments, Run run) {
      if (arguments.isEmpty() || !(arguments.getFirst() instanceof String text)) {
        return null;
      }
      java.util.regex.Matcher found = matcher.on(text, run.deadline());
      return found.find() ? RegexMatcher.describe(found) : null;
    }
  }

  /** One evaluation: its bounds, and what our functions need. Not thread safe. */
  private static final class Run implements JsonataFunction.Session {

    private final Entropy entropy;
    private final Deadline deadline;
    private final @Nullable Weights weights;
    private @Nullable Object states;
    private int nesting;

    /**
     * @param concatenates the operator {@code &} occurs, which writes out whatever it is given
     */
    Run(Entropy entropy, Deadline deadline, boolean concatenates) {
      this.entropy = entropy;
      this.deadline = deadline;
      this.weights = concatenates ? new Weights() : null;
    }

    void enter() {
      deadline.check();
      if (++nesting > MAX_NESTING) {
        throw JsonataFault.stackOverflow();
      }
    }

    void exit(@Nullable Object result) {
      nesting--;
      boolean tooLarge =
          switch (result) {
            case String text -> text.length() > JsonataOverrides.MAX_TEXT;
            case List<?> array -> array.size() > JsonataAdditions.MAX_ARRAY;
            case null, default -> false;
          };
      if (tooLarge) {
        throw JsonataFault.memory();
      }
      // The map of $states is no value of anybody's, and weighing it would read the whole input.
      if (weights != null && result != states && result != null) {
        weights.check(result);
      }
    }

    @Override
    public Entropy entropy() {
      return entropy;
    }

    @Override
    public Deadline deadline() {
      return deadline;
    }

    @Override
    public @Nullable Object apply(Object function, List<Object> arguments) {
      try {
        return Functions.funcApply(function, arguments);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public @Nullable RegexMatcher regex(@Nullable Object argument) {
      return argument instanceof RegexFunction regex ? regex.matcher : null;
    }

    @Override
    public String text(Object value, boolean pretty) {
      new Weights().check(value);
      return Functions.string(value, pretty);
    }

    @Override
    public boolean truth(@Nullable Object value) {
      return Jsonata.boolize(value);
    }

    @Override
    public List<Object> sequence() {
      return Utils.createSequence();
    }

    @Override
    public String formatTime(long millis, @Nullable String picture, @Nullable String zone) {
      return Functions.dateTimeFromMillis(millis, picture, zone);
    }
  }
}
