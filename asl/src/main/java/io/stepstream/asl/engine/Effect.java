package io.stepstream.asl.engine;

import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ObjectWrite;
import io.stepstream.asl.items.TopicWrite;
import org.jspecify.annotations.Nullable;

/** What a step wants done. The shell applies effects in their order, all or none. */
public sealed interface Effect {

  record PutExecution(Execution execution) implements Effect {}

  record PutFrame(Frame frame) implements Effect {}

  record DeleteFrame(long frameId) implements Effect {}

  record PutValue(ValueKey key, byte[] json) implements Effect {}

  record DeleteValue(ValueKey key) implements Effect {}

  /**
   * All payload rows of a frame that had too many to delete in one step; the shell does it in
   * slices.
   */
  record PurgeValues(long frameId) implements Effect {}

  record Schedule(TimerKey timer, long dueMillis) implements Effect {}

  record Cancel(TimerKey timer, long dueMillis) implements Effect {}

  /**
   * Hands an attempt of a Task state to the workers.
   *
   * @param function name of the function which the Resource addresses; null: it addresses none
   * @param deadlineMillis after this moment the answer is ignored; null: never
   * @param taskToken by which somebody else than the worker may end the attempt; null: nobody may
   * @param roleArn whom the task is to act as; null: the worker
   */
  record Dispatch(
      long frameId,
      int epoch,
      String state,
      String resource,
      @Nullable String function,
      int retryCount,
      @Nullable Long deadlineMillis,
      @Nullable Integer heartbeatSeconds,
      @Nullable String taskToken,
      @Nullable String roleArn,
      byte[] input)
      implements Effect {}

  /** Concerns a job that a worker has submitted to some service. */
  sealed interface OfJob extends Effect {}

  /**
   * Asks a worker to look at a job that an attempt has submitted; {@link Event.JobRuns} answers, or
   * what ends the attempt.
   *
   * @param job by which the worker finds it
   * @param sinceMillis when its submission was told
   * @param unanswered how many looks in a row the service has not answered
   */
  record LookAtJob(
      long frameId,
      int epoch,
      String state,
      String resource,
      String job,
      long sinceMillis,
      int unanswered,
      @Nullable Long deadlineMillis)
      implements OfJob {}

  /** Asks a worker to stop a job that nobody waits for; nothing answers. */
  record StopJob(long frameId, int epoch, String state, String resource, String job)
      implements OfJob {}

  /**
   * An attempt which was put before the workers of an activity is there for none of them any more:
   * one has taken it, or nobody waits for it.
   *
   * @param offeredMillis the moment of the step that handed it over
   */
  record Withdraw(String activity, long frameId, int epoch, long offeredMillis) implements Effect {}

  /**
   * Nobody waits any more for an attempt that a worker may be at: its execution has ended, its time
   * is over, or what ran beside it has failed. Not told of attempts whose result was accepted.
   *
   * @param resource of the state, verbatim
   */
  record Abandon(long frameId, int epoch, String resource) implements Effect {}

  /**
   * Asks for a page of a distributed Map's items. {@link Event.TaskSucceeded} answers with an
   * {@link io.stepstream.asl.items.ItemPage}, or {@link Event.TaskFailed}.
   */
  record ReadItems(long frameId, int epoch, ItemRequest request) implements Effect {}

  /**
   * Writes an object. {@link Event.TaskSucceeded} answers with an {@link ObjectWrite.Written}, or
   * {@link Event.TaskFailed}.
   */
  record WriteObject(long frameId, int epoch, ObjectWrite write) implements Effect {}

  /**
   * Appends results to a topic. {@link Event.TaskSucceeded} answers with a {@link
   * TopicWrite.Written}, or {@link Event.TaskFailed}.
   */
  record PublishResults(long frameId, int epoch, TopicWrite write) implements Effect {}

  /**
   * Lets an event happen to another execution, or to a shard, in the order of the effects. The
   * shell takes it there, wherever that lives, in the same transaction as everything else.
   */
  record Send(String arn, Event event) implements Effect {}

  /** The shard of a Map run is no more; it leaves nothing and is told to nobody. */
  record Vanish(String arn) implements Effect {}

  /** A Map run has begun or has ended: what is told of it from now on. */
  record PutMapRun(MapRunSummary run) implements Effect {}

  record Record(HistoryEvent event) implements Effect {}

  /**
   * An attempt of a Task state has come so far. For whoever counts; a history event tells the same,
   * but not of which resource nor since when.
   *
   * @param resource the state's, verbatim
   * @param scheduledMillis when it was handed over; null: nobody has noted it
   * @param takenMillis when a worker has taken it, of an activity's; null otherwise
   * @param atMillis the moment of the step
   */
  record Attempted(
      Kind kind,
      String resource,
      Stage stage,
      @Nullable Long scheduledMillis,
      @Nullable Long takenMillis,
      long atMillis)
      implements Effect {

    /** AWS's three families of tasks. */
    public enum Kind {
      ACTIVITY,
      LAMBDA_FUNCTION,
      SERVICE_INTEGRATION
    }

    /** How far an attempt is. The last four end it. */
    public enum Stage {
      SCHEDULED,
      STARTED,
      SUCCEEDED,
      FAILED,
      TIMED_OUT,
      HEARTBEAT_TIMED_OUT
    }
  }

  /** The execution has ended; its header, already in this decision, tells the status. */
  record Close(
      Execution execution,
      byte[] input,
      byte @Nullable [] output,
      @Nullable String error,
      @Nullable String cause)
      implements Effect {}
}
