package io.stepstream.asl.engine;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.nested.StartArguments;
import io.stepstream.asl.nested.StartPattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Task state does about the execution that it starts, {@code states:startExecution}, beyond
 * what every task does. Who starts it, and tells of it as a service would, is the shell.
 */
public final class NestedExecution {

  /** AWS's words. */
  private static final String ABORTED =
      "The Task state in AWS Step Functions execution [%s] which was managing this resource was"
          + " aborted";

  private NestedExecution() {}

  /** Why no execution can be started with those arguments; null: the task starts. */
  static @Nullable String unusable(State.Task task, Object arguments) {
    return StartPattern.of(task.resource()) != null
            && StartArguments.of(arguments) instanceof StartArguments.Unusable(String problem)
        ? "The %s '%s' could not be used to start the Task: [%s]"
            .formatted(
                task.queryLanguage() == QueryLanguage.JSONATA ? "Arguments" : "Parameters",
                Json.encode(arguments),
                problem)
        : null;
  }

  /** A task's request has been taken on; a repeated message changes nothing. */
  static void submitted(
      Step step,
      Strand strand,
      State.Task task,
      Awaits.Task waited,
      byte[] output,
      @Nullable String childArn) {
    if (childArn != null && childArn.equals(waited.childArn())) {
      return;
    }
    if (childArn != null) {
      strand.awaits = waited.withChild(childArn);
    }
    TaskEvents.submitted(step, strand, task, output);
  }

  /**
   * Stops the execution that a strand waits for, if it does: nobody waits for it any more, though
   * it hasn't ended. One that has not told its name yet tells it too late, and the shell stops it
   * then.
   */
  static void stop(Step step, Strand strand) {
    if (strand.awaits instanceof Awaits.Task task && task.childArn() != null) {
      step.send(task.childArn(), new Event.StopRequested(null, stopCause(step.execution().arn())));
    }
  }

  /** With what cause an execution is stopped when its parent is over. */
  public static String stopCause(String parentArn) {
    return ABORTED.formatted(parentArn);
  }
}
