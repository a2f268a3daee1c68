package io.stepstream.asl.engine;

/**
 * Why an event was not accepted. Duplicates and late results are normal, so this is a value to
 * count, not an error.
 */
public record Rejection(Code code, String message) {

  public enum Code {
    /** The execution exists already. */
    ALREADY_STARTED,
    /** No such execution. */
    UNKNOWN_EXECUTION,
    /** The execution has ended. */
    ALREADY_CLOSED,
    /** The frame is gone or waits for something else by now. */
    STALE,
    /** The execution cannot be redriven; the message tells the reason in AWS's words. */
    NOT_REDRIVABLE
  }
}
