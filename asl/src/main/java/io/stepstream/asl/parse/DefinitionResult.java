package io.stepstream.asl.parse;

import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.source.DefinitionProblem;
import io.stepstream.asl.source.DefinitionProblem.Severity;
import java.util.List;
import java.util.stream.Collectors;

/** What reading a definition gave. */
public sealed interface DefinitionResult {

  /** Errors and warnings in the order in which they were found. */
  List<DefinitionProblem> problems();

  record Parsed(StateMachine machine, List<DefinitionProblem> warnings)
      implements DefinitionResult {

    @Override
    public List<DefinitionProblem> problems() {
      return warnings;
    }
  }

  /**
   * @param problems at least one error; warnings as well
   */
  record Rejected(List<DefinitionProblem> problems) implements DefinitionResult {

    public List<DefinitionProblem> errors() {
      return problems.stream().filter(problem -> problem.severity() == Severity.ERROR).toList();
    }

    /** The message of AWS's exception {@code InvalidDefinition}, which names every error. */
    public String message() {
      return errors().stream()
          .map(problem -> problem.code() + ": " + problem.message() + " at " + place(problem))
          .collect(Collectors.joining(", ", "Invalid State Machine Definition: '", "'"));
    }

    /** Text that is no tree has no location; AWS prints null for what concerns a whole flow. */
    private static String place(DefinitionProblem problem) {
      if (problem.location() != null) {
        return problem.location();
      }
      return problem.code().equals("MISSING_END_STATE")
          ? "null"
          : "line " + problem.line() + ", column " + problem.column();
    }
  }
}
