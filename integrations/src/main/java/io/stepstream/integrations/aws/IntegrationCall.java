package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;

/** What a Task state asks an integration for. */
final class IntegrationCall {

  private IntegrationCall() {}

  /**
   * @throws TaskFailedException the arguments are no object
   */
  static ObjectNode arguments(JsonNode input, TaskContext context) {
    if (input instanceof ObjectNode object) {
      return object;
    }
    throw new TaskFailedException(
        "States.Runtime",
        "The arguments of '%s' in state '%s' are not a JSON object."
            .formatted(context.resource(), context.stateName()));
  }
}
