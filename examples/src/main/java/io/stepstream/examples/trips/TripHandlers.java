package io.stepstream.examples.trips;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The functions that the trip booking calls. */
@Singleton
public final class TripHandlers {
  /** What this rental never has. */
  private static final String NEVER_LEFT = "limousine";

  /** Books a flight. */
  @Produces
  @Singleton
  TaskHandler bookFlight() {
    return TaskHandler.function("book-flight", request -> booked("flight", request));
  }

  /** Books a hotel. */
  @Produces
  @Singleton
  TaskHandler bookHotel() {
    return TaskHandler.function("book-hotel", request -> booked("hotel", request));
  }

  /** Books a car, unless there is none of its category. */
  @Produces
  @Singleton
  TaskHandler bookCar() {
    return TaskHandler.function(
        "book-car",
        request -> {
          String category = request.path("category").asText();
          if (category.equals(NEVER_LEFT)) {
            throw new TaskFailedException("Trips.NoCarLeft", "There is no " + category + " left");
          }
          return booked("car", request);
        });
  }

  /** Cancels a booking of any kind; to cancel it again does nothing. */
  @Produces
  @Singleton
  TaskHandler cancelBooking() {
    return TaskHandler.function(
        "cancel-booking",
        request ->
            JsonNodeFactory.instance
                .objectNode()
                .put("cancelled", request.path("booking").asText()));
  }

  private static JsonNode booked(String kind, JsonNode request) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("booking", kind + "-" + request.path("tripId").asText());
  }
}
