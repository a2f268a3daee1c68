package io.stepstream.examples.expenses;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The function that the expense approval calls. */
@Singleton
public final class ExpenseHandlers {
  /** Would send a mail with two links, each of which has the token. */
  @Produces
  @Singleton
  TaskHandler askApprover() {
    return TaskHandler.function(
        "ask-approver",
        request ->
            JsonNodeFactory.instance
                .objectNode()
                .put("asked", request.at("/expense/expenseId").asText()));
  }
}
