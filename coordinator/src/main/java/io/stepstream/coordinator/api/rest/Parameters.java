package io.stepstream.coordinator.api.rest;

import io.stepstream.coordinator.execution.TimeRange;
import io.stepstream.schemas.ExecutionStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request, each checked when it is taken. */
final class Parameters {

  private static final int LONGEST = 2048;

  /** What is beyond has no milliseconds that fit into a long, sooner or later. */
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

  private final Map<String, List<String>> values;

  private Parameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /** What is wrong with a parameter. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    Unusable(Problem problem) {
      super(problem.detail());
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }

  /**
   * @param known others are refused: one that is misspelt would find more than was asked for
   */
  static Parameters of(Map<String, List<String>> values, Set<String> known) throws Unusable {
    for (Map.Entry<String, List<String>> parameter : values.entrySet()) {
      String name = parameter.getKey();
      if (!known.contains(name)) {
        throw unusable(
            name, "There is no parameter '%s'".formatted(name), "Use " + new TreeSet<>(known));
      }
      if (parameter.getValue().stream().anyMatch(value -> value.length() > LONGEST)) {
        throw unusable(
            name,
            "%s has more than %d characters".formatted(name, LONGEST),
            "Shorten it; what is longer is in no index");
      }
    }
    return new Parameters(values);
  }

  /** Null: it is not given, or empty. */
  @Nullable String text(String name) throws Unusable {
    List<String> given = values.getOrDefault(name, List.of());
    if (given.size() > 1) {
      throw unusable(name, "%s is given twice".formatted(name), "Give it once");
    }
    return given.isEmpty() || given.getFirst().isEmpty() ? null : given.getFirst();
  }

  /** Repeated, or separated by commas. */
  Set<ExecutionStatus> statuses(String name) throws Unusable {
    Set<ExecutionStatus> statuses = EnumSet.noneOf(ExecutionStatus.class);
    for (String list : values.getOrDefault(name, List.of())) {
      for (String given : list.split(",")) {
        statuses.add(oneOf(name, given.strip(), ExecutionStatus.values()));
      }
    }
    return statuses;
  }

  private static <T extends Enum<T>> T oneOf(String name, String given, T[] all) throws Unusable {
    for (T value : all) {
      if (value.name().equalsIgnoreCase(given)) {
        return value;
      }
    }
    throw unusable(
        name, "%s is not '%s'".formatted(name, given), "Use one of " + Arrays.toString(all));
  }

  int number(String name, int fewest, int most, int otherwise) throws Unusable {
    String text = text(name);
    if (text == null) {
      return otherwise;
    }
    String mend = "Give a number from %d to %d".formatted(fewest, most);
    try {
      int number = Integer.parseInt(text);
      if (number >= fewest && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // answered as any other that is out of range
    }
    throw unusable(name, "%s can't be %s".formatted(name, text), mend);
  }

  boolean flag(String name, boolean otherwise) throws Unusable {
    return switch (text(name)) {
      case null -> otherwise;
      case "true" -> true;
      case "false" -> false;
      case String other ->
          throw unusable(name, "%s can't be %s".formatted(name, other), "Give true or false");
    };
  }

  TimeRange times(String from, String before) throws Unusable {
    return new TimeRange(moment(from), moment(before));
  }

  private @Nullable Instant moment(String name) throws Unusable {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      Instant moment =
          text.indexOf('T') < 0
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : Instant.parse(text);
      if (!moment.isBefore(Instant.EPOCH) && moment.isBefore(END_OF_TIME)) {
        return moment;
      }
    } catch (DateTimeParseException _) {
      // answered as any other that is none
    }
    throw unusable(
        name,
        "%s is not a time: %s".formatted(name, text),
        "Write 2026-01-31 or 2026-01-31T08:00:00Z (UTC)");
  }

  private static Unusable unusable(String name, String detail, String mend) {
    return new Unusable(Problem.invalid(name, null, detail, mend));
  }
}
