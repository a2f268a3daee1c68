package io.stepstream.examples.orders;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The functions that the order fulfilment calls. */
@Singleton
public final class OrderHandlers {
  /** Test numbers of card networks: this one is always declined. */
  private static final String DECLINED_CARD = "4000000000000002";

  /** The gateway of this example times out on as many attempts of each order. */
  private static final int TIMEOUTS = 2;

  /**
   * Checks an order and computes its total; what is wrong with an order is a result, not a failure.
   */
  @Produces
  @Singleton
  TaskHandler validateOrder() {
    return TaskHandler.function(
        "validate-order",
        order -> {
          JsonNode lines = order.path("lines");
          if (lines.isEmpty()) {
            return object().put("valid", false).put("reason", "The order has no lines");
          }
          long totalCents = 0;
          for (JsonNode line : lines) {
            int quantity = line.path("quantity").asInt();
            if (quantity < 1) {
              String sku = line.path("sku").asText();
              return object()
                  .put("valid", false)
                  .put("reason", "The quantity of " + sku + " isn't positive");
            }
            totalCents += quantity * line.path("unitPriceCents").asLong();
          }
          return object().put("valid", true).put("totalCents", totalCents);
        });
  }

  /**
   * Reserves the stock of one line. The id names order and line, so reserving twice is reserving
   * once.
   */
  @Produces
  @Singleton
  TaskHandler reserveStock() {
    return TaskHandler.function(
        "reserve-stock",
        request ->
            object()
                .put("reservationId", orderId(request) + "/" + request.path("lineNumber").asInt())
                .put("sku", request.at("/line/sku").asText())
                .put("quantity", request.at("/line/quantity").asInt()));
  }

  /** Releases the stock of one line, reserved or not. */
  @Produces
  @Singleton
  TaskHandler releaseStock() {
    return TaskHandler.function(
        "release-stock",
        request -> object().put("sku", request.at("/line/sku").asText()).put("released", true));
  }

  /** Charges a card through a gateway that is slow to wake up. */
  @Produces
  @Singleton
  TaskHandler chargePayment() {
    return TaskHandler.named("charge-payment", OrderHandlers::charge);
  }

  /** Books a parcel for what was reserved. */
  @Produces
  @Singleton
  TaskHandler createShipment() {
    return TaskHandler.function(
        "create-shipment",
        request -> {
          int pieces = 0;
          for (JsonNode reservation : request.path("reservations")) {
            pieces += reservation.path("quantity").asInt();
          }
          return object()
              .put("carrier", "Northwind Parcel")
              .put("trackingNumber", "NW-" + orderId(request) + "-" + pieces);
        });
  }

  /** Would send a mail. */
  @Produces
  @Singleton
  TaskHandler notifyCustomer() {
    return TaskHandler.function(
        "notify-customer", request -> object().put("sentTo", request.path("to").asText()));
  }

  private static JsonNode charge(JsonNode request, TaskContext context) {
    if (request.path("card").asText().equals(DECLINED_CARD)) {
      throw new TaskFailedException("Payments.CardDeclined", "The bank declined the card");
    }
    if (context.retryCount() < TIMEOUTS) {
      throw new TaskFailedException(
          "Payments.GatewayTimeout",
          "The gateway didn't answer attempt " + (context.retryCount() + 1));
    }
    return object()
        .put("chargeId", "ch-" + orderId(request))
        .put("amountCents", request.path("amountCents").asLong())
        .put("attempts", context.retryCount() + 1);
  }

  private static String orderId(JsonNode request) {
    return request.path("orderId").asText();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
