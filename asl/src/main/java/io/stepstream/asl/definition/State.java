package io.stepstream.asl.definition;

import io.stepstream.asl.expr.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A state. To add a state type: a record here, a case in the parser, rules in the validator, a
 * behavior in the engine, tests. The switches over this interface have no default branch, so the
 * compiler lists the places.
 */
public sealed interface State {

  String name();

  QueryLanguage queryLanguage();

  /** AWS's type name, the first part of its history events. */
  default String type() {
    return switch (this) {
      case Pass _ -> "Pass";
      case Task _ -> "Task";
      case Choice _ -> "Choice";
      case Wait _ -> "Wait";
      case Succeed _ -> "Succeed";
      case Fail _ -> "Fail";
      case Parallel _ -> "Parallel";
      case MapState _ -> "Map";
    };
  }

  /** A state that may be retried and caught. */
  sealed interface Retryable extends State permits Task, Parallel, MapState {
    ErrorHandling errorHandling();

    DataFlow data();

    Transition transition();
  }

  /**
   * @param result the virtual result of a JSONPath Pass; null: the effective input is the result
   */
  record Pass(
      String name,
      QueryLanguage queryLanguage,
      DataFlow data,
      @Nullable Object result,
      Transition transition)
      implements State {}

  record Task(
      String name,
      QueryLanguage queryLanguage,
      DataFlow data,
      String resource,
      @Nullable Expression timeoutSeconds,
      @Nullable Expression heartbeatSeconds,
      @Nullable Expression credentials,
      ErrorHandling errorHandling,
      Transition transition)
      implements Retryable {}

  /**
   * @param defaultNext taken when no rule matches; null: {@code States.NoChoiceMatched}
   */
  record Choice(
      String name,
      QueryLanguage queryLanguage,
      DataFlow data,
      List<ChoiceRule> rules,
      @Nullable String defaultNext)
      implements State {}

  /**
   * @param timestamp true: {@code until} is an RFC 3339 timestamp; false: it is a number of seconds
   */
  record Wait(
      String name,
      QueryLanguage queryLanguage,
      DataFlow data,
      Expression until,
      boolean timestamp,
      Transition transition)
      implements State {}

  record Succeed(String name, QueryLanguage queryLanguage, DataFlow data) implements State {}

  record Fail(
      String name,
      QueryLanguage queryLanguage,
      @Nullable Expression error,
      @Nullable Expression cause)
      implements State {}

  record Parallel(
      String name,
      QueryLanguage queryLanguage,
      DataFlow data,
      List<Flow> branches,
      ErrorHandling errorHandling,
      Transition transition)
      implements Retryable {}

  /**
   * Named so since {@code Map} is Java's.
   *
   * @param overMembers true: Items is an object in the definition, and its members are the items;
   *     an expression must give an array
   */
  record MapState(
      String name,
      QueryLanguage queryLanguage,
      DataFlow data,
      @Nullable Expression items,
      boolean overMembers,
      @Nullable Expression itemSelector,
      @Nullable Expression maxConcurrency,
      Flow processor,
      @Nullable Distributed distributed,
      ErrorHandling errorHandling,
      Transition transition)
      implements Retryable {}
}
