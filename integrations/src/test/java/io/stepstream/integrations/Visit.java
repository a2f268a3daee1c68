package io.stepstream.integrations;

import io.stepstream.worker.handler.TaskContext;
import java.time.Instant;
import java.util.Optional;

/** An attempt of a state's visit, as far as the handlers look at it. */
public record Visit(
    long frame,
    int epoch,
    String resource,
    Optional<Instant> deadline,
    int deliveryCount,
    Optional<String> roleArn,
    String stateMachineArn)
    implements TaskContext {

  private static final String MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:m";

  public static Visit of(long frame) {
    return new Visit(
        frame, 0, "stepstream:readItems", Optional.empty(), 1, Optional.empty(), MACHINE);
  }

  /** Another attempt of the same visit. */
  public Visit retried() {
    return new Visit(frame, epoch + 1, resource, deadline, 1, roleArn, stateMachineArn);
  }

  /** The same attempt, whose order is delivered again. */
  public Visit redelivered() {
    return new Visit(frame, epoch, resource, deadline, deliveryCount + 1, roleArn, stateMachineArn);
  }

  public static Visit of(String resource) {
    return new Visit(1, 0, resource, Optional.empty(), 1, Optional.empty(), MACHINE);
  }

  public static Visit until(Instant deadline, String resource) {
    return new Visit(1, 0, resource, Optional.of(deadline), 1, Optional.empty(), MACHINE);
  }

  /** The same, of a state with Credentials. */
  public Visit as(String role) {
    return new Visit(
        frame, epoch, resource, deadline, deliveryCount, Optional.of(role), stateMachineArn);
  }

  /** The same, of another state machine. */
  public Visit in(String machine) {
    return new Visit(frame, epoch, resource, deadline, deliveryCount, roleArn, machine);
  }

  @Override
  public String executionArn() {
    return "arn:aws:states:us-east-1:000000000000:execution:m:e";
  }

  @Override
  public String stateName() {
    return "State";
  }

  @Override
  public int retryCount() {
    return 0;
  }

  @Override
  public String idempotencyKey() {
    return executionArn() + "#" + frame + "#" + epoch;
  }

  @Override
  public Optional<String> taskToken() {
    return Optional.empty();
  }

  @Override
  public Optional<String> traceHeader() {
    return Optional.empty();
  }

  @Override
  public void heartbeat() {}

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public boolean isDraining() {
    return false;
  }
}
