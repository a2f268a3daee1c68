package io.stepstream.worker;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Payloads;
import java.time.Instant;

/** Orders as the coordinator writes them. */
final class Orders {

  static final String EXECUTION = "arn:aws:states:us-east-1:111111111111:execution:machine:e1";

  private Orders() {}

  static TaskOrder.Builder of(String resource, String input) {
    return TaskOrder.newBuilder()
        .setLane(Lane.STANDARD)
        .setExecutionArn(EXECUTION)
        .setStateMachineArn("arn:aws:states:us-east-1:111111111111:stateMachine:machine")
        .setStateName("Work")
        .setResource(resource)
        .setFrameId(7)
        .setEpoch(3)
        .setScheduledAt(Instant.EPOCH)
        .setInboxTopic("inbox")
        .setInboxPartition(2)
        .setInput(Payloads.of(input));
  }

  static TaskOrder.Builder ofFunction(String name, String input) {
    return of("arn:aws:lambda:us-east-1:111111111111:function:" + name, input).setFunction(name);
  }
}
