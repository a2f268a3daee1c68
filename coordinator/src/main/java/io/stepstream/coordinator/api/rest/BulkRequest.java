package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.bulk.BulkOperations;
import io.stepstream.coordinator.bulk.BulkOperations.Wish;
import io.stepstream.coordinator.execution.TimeRange;
import io.stepstream.schemas.BulkFilter;
import io.stepstream.schemas.BulkKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The wish for a bulk operation: an object in JSON. */
final class BulkRequest {

  /** Of a name that is there twice, one reader could take the first and another the last. */
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private static final Set<String> MEMBERS =
      Set.of("kind", "filter", "executionArns", "error", "cause");

  /** As of a search. */
  private static final Set<String> CONDITIONS =
      Set.of(
          "q",
          "machine",
          "namePrefix",
          "error",
          "status",
          "startedAfter",
          "startedBefore",
          "stoppedAfter",
          "stoppedBefore");

  private static final int LONGEST_ERROR = 256;
  private static final int LONGEST_CAUSE = 32_768;

  private BulkRequest() {}

  static Wish parse(byte[] body) throws Parameters.Unusable {
    JsonNode json = read(body);
    if (!json.isObject()) {
      throw unusable(
          "body", "The body is not an object", "Send {\"kind\": \"stop\", \"filter\": {…}}");
    }
    for (var member : json.properties()) {
      if (!MEMBERS.contains(member.getKey())) {
        throw unusable(
            member.getKey(),
            "There is no member '%s'".formatted(member.getKey()),
            "Use " + new TreeSet<>(MEMBERS));
      }
    }
    BulkKind kind = kind(json.path("kind"));
    if (json.hasNonNull("filter") == json.hasNonNull("executionArns")) {
      throw unusable(
          "filter", "Either filter or executionArns says which executions", "Send one of them");
    }
    String error = text(json, "error", LONGEST_ERROR);
    String cause = text(json, "cause", LONGEST_CAUSE);
    if (kind == BulkKind.REDRIVE && (error != null || cause != null)) {
      throw unusable(
          error == null ? "cause" : "error",
          "What is redriven has neither error nor cause",
          "Leave it out");
    }
    return json.hasNonNull("filter")
        ? new Wish(kind, filter(json.path("filter")), List.of(), error, cause)
        : new Wish(kind, null, arns(json.path("executionArns")), error, cause);
  }

  private static JsonNode read(byte[] body) throws Parameters.Unusable {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw unusable(
          "body", "The body is not JSON: " + e.getOriginalMessage(), "Send an object in JSON");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BulkKind kind(JsonNode kind) throws Parameters.Unusable {
    return switch (kind.asText("")) {
      case "stop" -> BulkKind.STOP;
      case "redrive" -> BulkKind.REDRIVE;
      default ->
          throw unusable("kind", "There is no kind %s".formatted(kind), "Use stop or redrive");
    };
  }

  private static @Nullable String text(JsonNode json, String member, int longest)
      throws Parameters.Unusable {
    JsonNode text = json.path(member);
    if (text.isMissingNode() || text.isNull()) {
      return null;
    }
    if (!text.isTextual() || text.textValue().length() > longest) {
      throw unusable(
          member,
          "%s is no text of at most %d characters".formatted(member, longest),
          "Shorten it, or leave it out");
    }
    return text.textValue();
  }

  /** The conditions of a search, and checked as those are. */
  private static BulkFilter filter(JsonNode filter) throws Parameters.Unusable {
    Map<String, List<String>> given = new HashMap<>();
    for (var condition : filter.properties()) {
      List<String> values = new ArrayList<>();
      JsonNode value = condition.getValue();
      (value.isArray() ? value : List.of(value)).forEach(one -> values.add(one.asText("")));
      given.put(condition.getKey(), values);
    }
    if (given.isEmpty()) {
      throw unusable(
          "filter",
          "A filter without a condition would be for all executions there are",
          "Give one; startedAfter 1970-01-01 takes all of them");
    }
    Parameters parameters = Parameters.of(given, CONDITIONS);
    TimeRange started = parameters.times("startedAfter", "startedBefore");
    TimeRange stopped = parameters.times("stoppedAfter", "stoppedBefore");
    return new BulkFilter(
        parameters.text("q"),
        parameters.text("machine"),
        parameters.text("namePrefix"),
        parameters.text("error"),
        List.copyOf(parameters.statuses("status")),
        started.from(),
        started.before(),
        stopped.from(),
        stopped.before());
  }

  private static List<String> arns(JsonNode given) throws Parameters.Unusable {
    if (!given.isArray() || given.isEmpty() || given.size() > BulkOperations.MOST_NAMED) {
      throw unusable(
          "executionArns",
          "executionArns is no list of 1 to %d executions".formatted(BulkOperations.MOST_NAMED),
          "Send so many, or a filter");
    }
    List<String> arns = new ArrayList<>();
    for (JsonNode arn : given) {
      if (!(Arns.standardExecution(arn.asText("")) instanceof Checked.Valid<String>)) {
        throw unusable(
            "executionArns",
            "%s is not the ARN of a Standard execution".formatted(arn),
            "Send ARNs as ListExecutions gives them");
      }
      arns.add(arn.textValue());
    }
    return arns;
  }

  private static Parameters.Unusable unusable(String member, String detail, String mend) {
    return new Parameters.Unusable(Problem.invalid(member, null, detail, mend));
  }
}
