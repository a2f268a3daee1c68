package io.stepstream.worker;

import io.stepstream.schemas.JobOrder;
import io.stepstream.worker.handler.JobHandler;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls handlers of jobs, and says what came of it. */
final class JobCalls {

  private static final Logger LOG = LoggerFactory.getLogger(JobCalls.class);

  private static final byte[] NO_ANSWER = "{}".getBytes(StandardCharsets.UTF_8);

  /** What a coordinator takes. */
  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

  private JobCalls() {}

  /**
   * @throws Exception what the handler throws, or the input is no JSON
   */
  static Outcome submit(JobHandler jobs, byte[] input, TaskContext context) throws Exception {
    return switch (jobs.submit(JsonText.read(input), context)) {
      case JobHandler.Ended ended -> succeeded(ended);
      case JobHandler.Submitted submitted -> {
        String job = new JobText(context.roleArn().orElse(null), submitted.reference()).text();
        if (job.length() > JobHandler.LONGEST_REFERENCE) {
          yield new Outcome.Failed(
              "States.Runtime",
              "The handler of '%s' refers to its job by %d characters, its role among them, more than %d."
                  .formatted(context.resource(), job.length(), JobHandler.LONGEST_REFERENCE));
        }
        // The job is there whatever its answer's length; the history can do without it.
        byte[] answer = JsonText.write(submitted.answer());
        yield new Outcome.JobRuns(
            job,
            answer.length > TaskHandler.MOST_RESULT_BYTES ? NO_ANSWER : answer,
            bounded(submitted.pause()),
            0,
            submitted.stopLate());
      }
    };
  }

  static Outcome ofJob(JobHandler jobs, JobOrder order, TaskContext context) {
    return order.getStop() ? stop(jobs, order, context) : look(jobs, order, context);
  }

  /** No handler of this worker knows what to do about a job. */
  static Outcome unserved(JobOrder order, Outcome otherwise) {
    if (order.getStop()) {
      LOG.warn("No handler of this worker can stop the job {}; it runs on.", order.getJob());
      return new Outcome.Nothing();
    }
    return otherwise;
  }

  private static Outcome look(JobHandler jobs, JobOrder order, TaskContext context) {
    var job =
        new JobHandler.Job(
            JobText.parse(order.getJob()).reference(), order.getSince(), order.getUnanswered());
    try {
      return switch (jobs.look(job, context)) {
        case JobHandler.Ended ended -> succeeded(ended);
        case JobHandler.Running(Duration pause) -> runs(order, pause, 0);
        case JobHandler.Unanswered(Duration pause) -> runs(order, pause, job.unanswered() + 1);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return HandlerFault.of(e);
    } catch (Throwable e) {
      return HandlerFault.of(e);
    }
  }

  private static Outcome stop(JobHandler jobs, JobOrder order, TaskContext context) {
    try {
      jobs.stop(JobText.parse(order.getJob()).reference(), context);
      LOG.info("The job {} of {} was stopped.", order.getJob(), context.executionArn());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      LOG.warn(
          "The job {} of {} could not be stopped and may run on.",
          order.getJob(),
          context.executionArn(),
          e);
    }
    return new Outcome.Nothing();
  }

  private static Outcome runs(JobOrder order, Duration pause, int unanswered) {
    return new Outcome.JobRuns(order.getJob(), null, bounded(pause), unanswered, false);
  }

  private static Duration bounded(Duration pause) {
    if (pause.isNegative()) {
      return Duration.ZERO;
    }
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private static Outcome succeeded(JobHandler.Ended ended) throws IOException {
    return new Outcome.Succeeded(JsonText.write(ended.result()));
  }
}
