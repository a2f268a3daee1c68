package io.stepstream.schemas.sealing;

/** Why a sealed payload can't be opened. */
public sealed interface SealProblem {

  /** For operators; without any part of the payload. */
  String reason();

  /** The key is not there now. It may come back: nothing is lost by waiting. */
  record KeyMissing(String reason) implements SealProblem {}

  /** It is not what was sealed for this field of this execution, and will never be. */
  record Tampered(String reason) implements SealProblem {}
}
