package io.stepstream.examples.weather;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The function that the weather reading calls. */
@Singleton
public final class WeatherHandlers {
  /** Reads a station that is busy for as many attempts as the input says, or broken for good. */
  @Produces
  @Singleton
  TaskHandler readWeatherStation() {
    return TaskHandler.named("read-weather-station", WeatherHandlers::read);
  }

  private static JsonNode read(JsonNode request, TaskContext context) {
    String station = request.path("station").asText();
    int attempt = context.retryCount() + 1;
    if (request.path("broken").asBoolean()) {
      throw new TaskFailedException("Stations.Broken", station + " is broken");
    }
    if (attempt <= request.path("busy").asInt()) {
      throw new TaskFailedException("Stations.Busy", station + " is busy, attempt " + attempt);
    }
    return JsonNodeFactory.instance
        .objectNode()
        .put("station", station)
        .put("celsius", 12.5)
        .put("attempts", attempt);
  }
}
