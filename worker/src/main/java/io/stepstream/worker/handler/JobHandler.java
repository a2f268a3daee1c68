package io.stepstream.worker.handler;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;

/**
 * Carries out Task states by jobs that run somewhere else, for hours maybe, while no worker holds
 * anything for them: the coordinator remembers the job and asks a worker to look at it from time to
 * time. Any worker of the queue may be the next one to look.
 *
 * <pre>
 *   submit --Submitted--> (pause) --> look --Running--> (pause) --> look --Ended--> the task's result
 *                                                                    |
 *          the task is over before its job --> stop                  +-- TaskFailedException
 * </pre>
 *
 * An order may be delivered twice, also that to submit; {@link TaskContext#idempotencyKey()} is the
 * same for all that concerns one job. Where two requests make two jobs, the second one is stopped
 * as soon as both are known.
 */
public interface JobHandler extends TaskHandler {

  /** How long a {@link Submitted#reference} may be, in characters. */
  int LONGEST_REFERENCE = 8_192;

  /** What has come of a request. */
  sealed interface Submission permits Submitted, Ended {}

  /** What a look has found. A job that has failed is told by a {@link TaskFailedException}. */
  sealed interface Look permits Running, Unanswered, Ended {}

  /**
   * The job runs.
   *
   * @param reference by which {@link #look} and {@link #stop} find it, at most {@link
   *     #LONGEST_REFERENCE} characters, less the length of the state's role; the same whenever the
   *     same job is told of
   * @param answer what the request was answered by, for the history
   * @param pause until the first look
   * @param stopLate whether to stop the job if its task turns out to be over already. Not if what
   *     it makes is meant to outlive the task: a message that comes late may be a repeated one
   */
  record Submitted(String reference, JsonNode answer, Duration pause, boolean stopLate)
      implements Submission {}

  /** The job runs on; the next look is after the pause. */
  record Running(Duration pause) implements Look {}

  /** Nobody could tell how the job is; the next look is after the pause. */
  record Unanswered(Duration pause) implements Look {}

  /** There is nothing to wait for; the task has this result. */
  record Ended(JsonNode result) implements Submission, Look {}

  /**
   * A job to look at.
   *
   * @param since when its submission was told
   * @param unanswered how many looks in a row were {@link Unanswered}
   */
  record Job(String reference, Instant since, int unanswered) {}

  /**
   * Submits a job.
   *
   * @param input the task's effective input
   * @throws TaskFailedException there is no job, and the task has failed
   * @throws Exception as {@link TaskHandler#handle}
   */
  Submission submit(JsonNode input, TaskContext context) throws Exception;

  /**
   * Looks how a job is, and doesn't wait for it.
   *
   * @throws TaskFailedException the task has failed; nobody asks for the job any more
   * @throws Exception as {@link TaskHandler#handle}
   */
  Look look(Job job, TaskContext context) throws Exception;

  /**
   * Stops a job that nobody waits for, if it runs. Nothing is told of what comes of it, but in the
   * worker's log.
   *
   * @param reference of the job
   * @param context of the attempt; what the state was called may not be known any more
   * @throws Exception the job could not be stopped
   */
  void stop(String reference, TaskContext context) throws Exception;

  /** Never called by a worker. */
  @Override
  default JsonNode handle(JsonNode input, TaskContext context) {
    throw new UnsupportedOperationException("a job is submitted, looked at and stopped");
  }
}
