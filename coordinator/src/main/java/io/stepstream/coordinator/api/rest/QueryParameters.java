package io.stepstream.coordinator.api.rest;

import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A request's query, read once for all: who asks what a caller may, and who then answers, must take
 * it for the same.
 */
public final class QueryParameters {

  private QueryParameters() {}

  /** Each parameter with all its values, decoded, in the order they were sent in. */
  public static Map<String, List<String>> of(RoutingContext context) {
    Map<String, List<String>> values = new HashMap<>();
    context
        .queryParams()
        .forEach(
            parameter ->
                values
                    .computeIfAbsent(parameter.getKey(), _ -> new ArrayList<>())
                    .add(parameter.getValue()));
    return values;
  }
}
