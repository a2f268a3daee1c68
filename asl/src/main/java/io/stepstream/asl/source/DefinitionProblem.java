package io.stepstream.asl.source;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong, or doubtful, in a definition.
 *
 * @param code AWS's code of the diagnostic, for example {@code SCHEMA_VALIDATION_FAILED}
 * @param message AWS's wording where it is known
 * @param location AWS's notation of the place, for example {@code /States/Ship/Branches[0]}; null
 *     where AWS gives none
 * @param pointer JSON pointer of the value that the message is about; it may lead deeper than the
 *     location does
 * @param line counted from 1
 * @param column counted from 1
 */
public record DefinitionProblem(
    Severity severity,
    String code,
    String message,
    @Nullable String location,
    String pointer,
    int line,
    int column) {

  /** A definition with an error is refused, one with warnings is not. */
  public enum Severity {
    ERROR,
    WARNING
  }
}
