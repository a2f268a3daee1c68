package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;

/** What AWS Step Functions adds to EventBridge's PutEvents. */
final class PutEvents {

  static final AwsErrors ERRORS =
      AwsErrors.former("EventBridge", "AmazonEventBridgeException", "AmazonEventBridge");

  private PutEvents() {}

  /** Each event tells which execution it is from. */
  static ObjectNode arguments(JsonNode input, TaskContext context) {
    ObjectNode arguments = IntegrationCall.arguments(input, context).deepCopy();
    for (JsonNode entry : arguments.path("Entries")) {
      if (entry instanceof ObjectNode event) {
        ArrayNode resources =
            event.get("Resources") instanceof ArrayNode named ? named : event.putArray("Resources");
        resources.add(context.executionArn()).add(context.stateMachineArn());
      }
    }
    return arguments;
  }

  /**
   * @throws TaskFailedException EventBridge has taken only some of the events, or none
   */
  static ObjectNode result(AwsAnswer answer) {
    ObjectNode result = FormerResult.of(answer);
    if (result.path("FailedEntryCount").asInt() > 0) {
      throw new TaskFailedException("EventBridge.FailedEntry", result.toString());
    }
    return result;
  }
}
