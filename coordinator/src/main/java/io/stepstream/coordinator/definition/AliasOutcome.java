package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineAlias;

/** What became of a request to create or update an alias. */
public sealed interface AliasOutcome {

  /** It is as was asked for, by this request or by an earlier one. */
  record Done(StateMachineAlias alias) implements AliasOutcome {}

  /** The name belongs to an alias that differs. */
  record AlreadyExists() implements AliasOutcome {}

  /** There is no such machine, alias or version. */
  record NotFound() implements AliasOutcome {}

  record Deleting() implements AliasOutcome {}

  record TooManyAliases() implements AliasOutcome {}
}
