package io.stepstream.examples.sales;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The function that the sales totals call. */
@Singleton
public final class SalesHandlers {
  private static final Pattern CENTS = Pattern.compile("\\d{1,12}");

  /** Sums a batch of rows by region; a row without a whole number of cents fails the batch. */
  @Produces
  @Singleton
  TaskHandler sumSales() {
    return TaskHandler.function("sum-sales", SalesHandlers::sum);
  }

  private static JsonNode sum(JsonNode batch) {
    Map<String, Long> centsByRegion = new TreeMap<>();
    for (JsonNode row : batch.path("Items")) {
      String cents = row.path("cents").asText();
      if (!CENTS.matcher(cents).matches()) {
        throw new TaskFailedException("Sales.BadRow", "'" + cents + "' isn't a number of cents");
      }
      centsByRegion.merge(row.path("region").asText(), Long.parseLong(cents), Long::sum);
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("rows", batch.path("Items").size());
    ArrayNode sums = result.putArray("sums");
    centsByRegion.forEach(
        (region, cents) -> sums.addObject().put("region", region).put("cents", cents));
    return result;
  }
}
