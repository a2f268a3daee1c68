package io.stepstream.worker.handler;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A handler's answer that its task failed. Retry and Catch of the state machine match on the error
 * name.
 *
 * <p>It is an exception, and an unchecked one, because a failure usually arises deep in what a
 * handler calls, and a handler written as a plain {@code Function} must be able to fail too. It is
 * an answer and not a bug, therefore it has no stack trace.
 */
public final class TaskFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String error;
  private final @Nullable String cause;

  /**
   * @param error the error name, such as {@code CardDeclined}; names that begin with {@code
   *     States.} have the meaning that the language gives them
   * @param cause what happened, for people; may be JSON text
   */
  public TaskFailedException(String error, @Nullable String cause) {
    super(cause == null ? error : error + ": " + cause, null, false, false);
    this.error = Objects.requireNonNull(error, "error");
    this.cause = cause;
  }

  /** The name that Retry and Catch match on. */
  public String error() {
    return error;
  }

  /** What happened, for people. */
  public @Nullable String causeText() {
    return cause;
  }
}
