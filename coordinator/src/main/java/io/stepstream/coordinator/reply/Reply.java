package io.stepstream.coordinator.reply;

import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.coordinator.execution.MapRunPage;
import io.stepstream.coordinator.execution.MapRunUpdate;
import io.stepstream.schemas.OfferedTask;
import java.time.Instant;

/** What the single writer of an execution's partition answers to a command. */
public sealed interface Reply {

  record Started(Instant startDate) implements Reply {}

  record AlreadyExists() implements Reply {}

  record Ended(ExecutionDescription execution) implements Reply {}

  record Stopped(Instant stopDate) implements Reply {}

  record AlreadyEnded(Instant stopDate) implements Reply {}

  record Redriven(Instant redriveDate) implements Reply {}

  /**
   * @param reason in AWS's words
   */
  record NotRedrivable(String reason) implements Reply {}

  /** The execution is there: its history is on its way to the view. */
  record Exists() implements Reply {}

  record NoSuchExecution() implements Reply {}

  record MapRun(MapRunDescription mapRun) implements Reply {}

  record NoSuchMapRun() implements Reply {}

  record MapRunUpdated(MapRunUpdate outcome) implements Reply {}

  record MapRunsListed(MapRunPage page) implements Reply {}

  /** An attempt has taken what was said of it: its result, a sign of life, that a worker has it. */
  record TaskAccepted() implements Reply {}

  /** Nobody waits for the attempt: it has ended, was replaced, or another worker has it. */
  record TaskOver() implements Reply {}

  /** A task of an activity that the call may take. */
  record TaskOffered(OfferedTask task) implements Reply {}

  /** More calls wait for tasks of the activity than may. */
  record TooManyPoll() implements Reply {}

  /** The command could not be carried out and went to the dead letters. */
  record Refused(String reason) implements Reply {}
}
