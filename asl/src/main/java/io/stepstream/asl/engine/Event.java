package io.stepstream.asl.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fact from outside, as the engine takes it. Payloads are JSON in UTF-8. */
public sealed interface Event {

  /**
   * @param startMillis the start date, which the caller may already have been told
   * @param trigger the context object's Trigger; null: no record of a topic has started it
   */
  record Started(
      String arn,
      String name,
      String stateMachineArn,
      String roleArn,
      boolean express,
      long startMillis,
      byte[] input,
      byte @Nullable [] trigger)
      implements Event {}

  record TaskSucceeded(long frameId, int epoch, byte[] output) implements Event {}

  record TaskFailed(long frameId, int epoch, @Nullable String error, @Nullable String cause)
      implements Event {}

  /** A worker has taken the task of an activity. */
  record TaskStarted(long frameId, int epoch, @Nullable String workerName) implements Event {}

  /**
   * The service has taken on the request of a task that ends later: {@code .sync} or {@code
   * .waitForTaskToken}.
   *
   * @param output the service's response
   * @param childArn the execution that was started and is stopped with the task; null: there is
   *     none
   */
  record TaskSubmitted(long frameId, int epoch, byte[] output, @Nullable String childArn)
      implements Event {

    /** Of a task that has started no execution. */
    public TaskSubmitted(long frameId, int epoch, byte[] output) {
      this(frameId, epoch, output, null);
    }
  }

  record TaskHeartbeat(long frameId, int epoch) implements Event {}

  /**
   * The job of a task runs, at some service; a worker is to look at it again.
   *
   * @param job by which a worker finds it again
   * @param submitted what the request to submit it was answered by; null: that was told before
   * @param pauseMillis until the next look
   * @param unanswered how many looks in a row the service has not answered
   */
  record JobRuns(
      long frameId,
      int epoch,
      String job,
      byte @Nullable [] submitted,
      long pauseMillis,
      int unanswered)
      implements Event {}

  record TimerFired(TimerKey timer) implements Event {}

  record StopRequested(@Nullable String error, @Nullable String cause) implements Event {}

  /** An execution that has ended without success is to go on where it has failed. */
  record RedriveRequested() implements Event {}

  // ------------------------------------------------------------------ distributed Map

  // What a Map run or a shard has asked the world for is answered by TaskSucceeded and TaskFailed.

  /** What concerns a Map state's frame while its Map run is under way. */
  sealed interface OfMapRun extends Event {
    long frameId();

    int epoch();
  }

  /**
   * How far a shard has come. It tells this now and then, not child by child.
   *
   * @param seq grows with each report of the shard; earlier ones are void
   * @param window how many child executions it still needs to run at a time
   */
  record ShardProgressed(
      long frameId, int epoch, int shard, int seq, Awaits.Progress progress, int window)
      implements OfMapRun {}

  /**
   * A part of a shard's results, in their order. A shard that was set back by a crash hands its
   * results over again, maybe cut otherwise; the later part of a number makes the earlier one void.
   *
   * @param part counted from 0
   * @param results a JSON array
   */
  record ShardResults(long frameId, int epoch, int shard, int part, byte[] results)
      implements OfMapRun {}

  /**
   * A shard has ended, and everything that it had to send is sent.
   *
   * @param parts how many its results came in
   */
  record ShardEnded(long frameId, int epoch, int shard, Awaits.Progress progress, int parts)
      implements OfMapRun {}

  /** A shard could not go on; it is no more. */
  record ShardFailed(long frameId, int epoch, int shard, String error, String cause)
      implements OfMapRun {}

  /**
   * The user changes a Map run while it is under way; null: this stays as it is.
   *
   * @param maxConcurrency 0: no bound of the user's
   */
  record MapRunUpdated(
      long frameId,
      int epoch,
      @Nullable Integer maxConcurrency,
      @Nullable Long toleratedCount,
      @Nullable Double toleratedPercentage)
      implements Event {}

  /** What concerns a shard. */
  sealed interface OfShard extends Event {}

  /**
   * Begins a shard.
   *
   * @param stateMachineArn of the execution of the Map state
   * @param inputs of its child executions, each JSON
   */
  record ShardStarted(
      String arn,
      String stateMachineArn,
      String roleArn,
      Awaits.ShardOf run,
      int window,
      List<byte[]> inputs)
      implements OfShard {

    public ShardStarted {
      inputs = List.copyOf(inputs);
    }
  }

  /** A shard may run so many child executions at a time from now on. */
  record ShardWindowSet(int window) implements OfShard {}

  /**
   * Whether a shard is there. One that is has nothing to say to this; in place of one that is not,
   * whoever has its place answers that it is lost.
   *
   * @param executionArn the execution of the Map state, whose {@code frameId} and {@code epoch}
   *     wait for the shard
   */
  record ShardProbed(String executionArn, long frameId, int epoch, int shard) implements OfShard {}

  /**
   * Nobody waits for a shard any more: its child executions are aborted.
   *
   * @param epoch of the Map state's wait that is over; a shard that was resumed since has a later
   *     one
   * @param keep true: the Map run may be redriven, and the shard rests until then
   */
  record ShardCancelled(int epoch, boolean keep) implements OfShard {}

  /**
   * The Map run is redriven: a shard that rests runs the children that have not succeeded.
   *
   * @param executionArn the execution of the Map state, whose {@code frameId} and {@code epoch}
   *     wait for the shard
   * @param redrive how often the Map run has been redriven
   */
  record ShardResumed(
      String executionArn, long frameId, int epoch, int shard, int redrive, int window)
      implements OfShard {}

  /**
   * A child execution has ended.
   *
   * @param redrive the Map run's, in which it ran
   * @param redriveCount how often it was redriven itself
   * @param output JSON; null unless it succeeded
   */
  record ChildEnded(
      int index,
      int redrive,
      int redriveCount,
      Execution.Status status,
      byte @Nullable [] output,
      @Nullable String error,
      @Nullable String cause,
      long startMillis,
      long stopMillis)
      implements OfShard {}

  /**
   * A child execution of a distributed Map begins; one that is there and has ended without success
   * goes on, if a later redrive of its Map run asks for it.
   *
   * @param part tells what it runs and to whom it belongs
   */
  record ChildStarted(Started start, Execution.Part.Child part) implements Event {}
}
