package io.stepstream.schemas.tracing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The spans of an execution. A visit of a state of a Standard execution, which may last for a year,
 * is a trace of its own; one of an Express execution belongs to the execution's trace.
 */
public final class ExecutionTrace {

  private final String executionArn;
  private final boolean express;
  private final @Nullable TraceContext caller;

  /**
   * @param traceHeader with which the execution was started, in X-Ray's form; null: none
   */
  public ExecutionTrace(String executionArn, @Nullable String traceHeader) {
    this.executionArn = executionArn;
    // arn:aws:states:REGION:ACCOUNT:express:…
    this.express = executionArn.split(":", 7)[5].equals("express");
    this.caller = traceHeader == null ? null : TraceContext.ofXRay(traceHeader);
  }

  /** Of whoever has started it; null: unknown. */
  public @Nullable TraceContext caller() {
    return caller;
  }

  /** Whether visits are in the execution's own trace. */
  public boolean isOneTrace() {
    return express;
  }

  /** Whether the caller has decided that it is not traced. */
  public boolean isRefused() {
    return caller != null && Boolean.FALSE.equals(caller.sampled());
  }

  /**
   * The execution itself.
   *
   * @param redriveCount each redrive is a span of its own
   */
  public TraceContext execution(int redriveCount) {
    return new TraceContext(traceId(), id("execution", redriveCount, 16), true);
  }

  /**
   * A visit of a state.
   *
   * @param enteredEventId the event by which the state was entered
   */
  public TraceContext visit(long enteredEventId) {
    return new TraceContext(
        express ? traceId() : id("trace", enteredEventId, 32),
        id("visit", enteredEventId, 16),
        true);
  }

  /**
   * An attempt of a visit's task.
   *
   * @param scheduledEventId the event by which it was scheduled
   */
  public TraceContext attempt(long enteredEventId, long scheduledEventId) {
    return new TraceContext(
        visit(enteredEventId).traceId(), id("attempt", scheduledEventId, 16), true);
  }

  private String traceId() {
    return caller == null ? id("trace", 0, 32) : caller.traceId();
  }

  private String id(String kind, long number, int digits) {
    byte[] digest = sha256(kind + '#' + number + '#' + executionArn);
    digest[0] |= 1; // never all zeros
    return HexFormat.of().formatHex(digest, 0, digits / 2);
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
