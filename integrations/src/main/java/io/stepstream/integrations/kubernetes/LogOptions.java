package io.stepstream.integrations.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a task wants of the logs of its job.
 *
 * @param raw as text, also where they are JSON
 * @param parameters of Kubernetes' own for reading a log: lists of texts
 */
record LogOptions(boolean retrieve, boolean raw, JsonNode parameters) {

  private static final String LIMIT = "limitBytes";

  /** One byte more than a result may have shows that it is too large. */
  private static final long MOST_BYTES = TaskHandler.MOST_RESULT_BYTES + 1;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /** The first would never end, the second is ours to say. */
  private static final Set<String> RESERVED = Set.of("follow", "container");

  /**
   * @throws TaskFailedException they are none
   */
  static LogOptions of(JsonNode options) {
    JsonNode parameters = options.path("LogParameters");
    for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
      if (RESERVED.contains(parameter.getKey())) {
        throw RunJob.invalid(
            "LogOptions.LogParameters." + parameter.getKey(),
            "can't be set: each container's log is read once, when the job has ended");
      }
      boolean bytes = parameter.getKey().equals(LIMIT);
      boolean texts = parameter.getValue().isArray();
      for (JsonNode value : parameter.getValue()) {
        texts &= value.isTextual() && (!bytes || NUMBER.matcher(value.textValue()).matches());
      }
      if (!texts) {
        throw RunJob.invalid(
            "LogOptions.LogParameters." + parameter.getKey(),
            bytes ? "must be a number of bytes as text, in an array" : "must be an array of texts");
      }
    }
    return new LogOptions(truth(options, "RetrieveLogs"), truth(options, "RawLogs"), parameters);
  }

  private static boolean truth(JsonNode options, String field) {
    JsonNode value = options.path(field);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw RunJob.invalid("LogOptions." + field, "must be true or false");
    }
    return value.asBoolean();
  }

  /** The query that reads the log of a container: never more of it than a result may have. */
  String query(String container) {
    StringBuilder query = new StringBuilder("container=").append(encoded(container));
    long limit = MOST_BYTES;
    for (Map.Entry<String, JsonNode> parameter : parameters.properties()) {
      for (JsonNode value : parameter.getValue()) {
        if (parameter.getKey().equals(LIMIT)) {
          limit = Math.min(limit, Long.parseLong(value.textValue()));
        } else {
          query
              .append('&')
              .append(encoded(parameter.getKey()))
              .append('=')
              .append(encoded(value.textValue()));
        }
      }
    }
    return query.append('&').append(LIMIT).append('=').append(limit).toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** As {@link #of} reads it. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("RetrieveLogs", retrieve).put("RawLogs", raw);
    return parameters.isObject() ? json.set("LogParameters", parameters) : json;
  }
}
