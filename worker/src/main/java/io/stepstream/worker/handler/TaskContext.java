package io.stepstream.worker.handler;

import java.time.Instant;
import java.util.Optional;

/** One attempt of a Task state, as its handler sees it. Safe for use by several threads. */
public interface TaskContext {

  /** Ends the Resource of a state that waits for whoever has its token. */
  String FOR_TOKEN = ".waitForTaskToken";

  /** The execution that the task belongs to. */
  String executionArn();

  /** The state machine that the task belongs to. */
  String stateMachineArn();

  /** The name of the Task state. */
  String stateName();

  /** The Resource of the Task state, verbatim. */
  String resource();

  /**
   * What the Resource addresses: the Resource without {@code .waitForTaskToken}, since how a state
   * waits for its task says nothing of who carries it out.
   */
  default String target() {
    String resource = resource();
    return resource.endsWith(FOR_TOKEN)
        ? resource.substring(0, resource.length() - FOR_TOKEN.length())
        : resource;
  }

  /** How often this visit of the state has been retried by its Retry; 0 on the first attempt. */
  int retryCount();

  /**
   * Names the attempt. The same attempt delivered twice (a worker died, a lock expired) has the
   * same key; a retry has another.
   */
  String idempotencyKey();

  /**
   * How often this very order has been handed out; 1 on the first time. The sixth time it isn't run
   * any more. A classic consumer group doesn't count.
   */
  int deliveryCount();

  /** After this moment nobody waits for the result: the worker interrupts the handler's thread. */
  Optional<Instant> deadline();

  /** The token of a {@code .waitForTaskToken} task. */
  Optional<String> taskToken();

  /**
   * The {@code RoleArn} of the state's {@code Credentials}, as it is there: whom the task is to act
   * as where it calls AWS. The same when its job is looked at and stopped.
   */
  default Optional<String> roleArn() {
    return Optional.empty();
  }

  /** The X-Ray trace header of the execution. */
  Optional<String> traceHeader();

  /**
   * The span to go on from, in the W3C's form, to be sent along as {@code traceparent}; empty: the
   * execution is not traced. On the handler's own thread it is OpenTelemetry's current span, too,
   * if the worker records spans.
   */
  default Optional<String> traceParent() {
    return Optional.empty();
  }

  /**
   * Tells that the task makes progress, for states with HeartbeatSeconds. Without a call the worker
   * beats for the handler as long as it runs. The first call takes that over: from then on only
   * calls count, so that a handler that hangs is noticed. Cheap; sent at most once a second.
   */
  void heartbeat();

  /**
   * True when nobody waits for the result any more: the deadline has passed, the execution has
   * ended or has gone on without the task, or the worker gave it up. The handler's thread is
   * interrupted then.
   */
  boolean isCancelled();

  /**
   * True when the worker is about to stop: a long task that can stop early and be repeated should.
   */
  boolean isDraining();
}
