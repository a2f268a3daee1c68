package io.stepstream.examples.quotes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The function that the price quote calls. */
@Singleton
public final class QuoteHandlers {
  private static final long UNIT_PRICE_CENTS = 1_450;

  /** Prices a quantity of a product. */
  @Produces
  @Singleton
  TaskHandler quotePrice() {
    return TaskHandler.function(
        "quote-price",
        request ->
            JsonNodeFactory.instance
                .objectNode()
                .put("product", request.path("product").asText())
                .put("amountCents", request.path("quantity").asLong() * UNIT_PRICE_CENTS));
  }
}
