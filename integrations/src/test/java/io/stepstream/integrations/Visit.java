package io.stepstream.integrations.s3;

import io.stepstream.worker.handler.TaskContext;
import java.time.Instant;
import java.util.Optional;

/** An attempt of a state's visit, as far as the handlers look at it. */
record Visit(long frame, int epoch) implements TaskContext {

  static Visit of(long frame) {
    return new Visit(frame, 0);
  }

  @Override
  public String executionArn() {
    return "arn:aws:states:us-east-1:000000000000:execution:m:e";
  }

  @Override
  public String stateMachineArn() {
    return "arn:aws:states:us-east-1:000000000000:stateMachine:m";
  }

  @Override
  public String stateName() {
    return "Map";
  }

  @Override
  public String resource() {
    return "stepstream:readItems";
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
  public int deliveryCount() {
    return 1;
  }

  @Override
  public Optional<Instant> deadline() {
    return Optional.empty();
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
