package io.stepstream.coordinator.api.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.access.Demand;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What each route beside AWS's actions is called in policies and in the audit log, and what a
 * caller must be allowed for it. What isn't here is not served to anybody where authentication is
 * configured: a route that is forgotten is closed, not open.
 */
public final class RestOperations {

  private static final String PREFIX = "stepstream:";

  /**
   * A request that one of the routes answers.
   *
   * @param name in CloudTrail's form, for example {@code UpdateQueue}
   * @param demands all of which must be allowed; none: whoever is known may
   * @param parameters for the audit log
   */
  public record Operation(
      String name, boolean readOnly, List<Demand> demands, @Nullable JsonNode parameters) {}

  private final String account;

  /**
   * @param region in the ARNs of queues, triggers and dead letters
   * @param account the same
   */
  public RestOperations(String region, String account) {
    this.account = "arn:aws:stepstream:%s:%s:".formatted(region, account);
  }

  /**
   * @param path as it was sent; must not have dot segments, empty ones or parameters
   * @param query its parameters, each with all its values
   * @return empty: there is no such route
   */
  public Optional<Operation> find(
      String method, String path, Map<String, List<String>> query, byte[] body) {
    String[] segments = path.split("/", -1);
    String verb = method.equals("HEAD") ? "GET" : method;
    return Optional.ofNullable(
        switch (segments.length) {
          case 3 -> collection(verb + ' ' + path, query, body);
          case 4 -> item(verb, segments[1] + '/' + segments[2], decoded(segments[3]), query, body);
          case 5 -> part(verb, segments, decoded(segments[3]));
          default -> null;
        });
  }

  private @Nullable Operation collection(
      String route, Map<String, List<String>> query, byte[] body) {
    return switch (route) {
      case "GET /api/info", "GET /api/openapi" -> read("DescribeNode", "*");
      case "GET /api/session" -> new Operation("GetSession", true, List.of(), null);
      case "GET /q/metrics" -> read("ReadMetrics", "*");
      case "GET /api/executions" -> ofMachines("SearchExecutions", query);
      case "GET /api/events" -> ofMachines("FollowExecutions", query);
      case "GET /api/nodes" -> read("ListNodes", "*");
      // Nothing is started, and nothing of the node's is shown.
      case "POST /api/simulations" -> read("SimulateStateMachine", "*");
      case "GET /api/bulk-operations" -> read("ListBulkOperations", "*");
      case "POST /api/bulk-operations" -> bulk(json(body));
      case "GET /api/queues" -> read("ListQueues", "*");
      case "GET /api/triggers" -> read("ListTriggers", "*");
      case "POST /api/triggers" -> {
        JsonNode trigger = json(body);
        yield trigger("CreateTrigger", trigger.path("name").asText(), trigger, startedBy(trigger));
      }
      case "GET /api/dead-letters" -> read("ListDeadLetters", "*");
      default -> null;
    };
  }

  private @Nullable Operation item(
      String verb,
      String collection,
      @Nullable String name,
      Map<String, List<String>> query,
      byte[] body) {
    if (name == null) {
      return null;
    }
    return switch (verb + ' ' + collection) {
      case "GET api/metrics" ->
          name.equals("executions") ? ofMachines("CountExecutions", query) : null;
      case "GET api/bulk-operations" ->
          read("DescribeBulkOperation", account + "bulk-operation/" + name);
      case "GET api/queues" -> read("DescribeQueue", account + "queue/" + name);
      case "PUT api/queues" -> write("UpdateQueue", account + "queue/" + name, json(body));
      case "GET api/triggers" -> read("DescribeTrigger", account + "trigger/" + name);
      case "PATCH api/triggers" -> {
        JsonNode patch = json(body);
        yield trigger("UpdateTrigger", name, patch, startedBy(patch));
      }
      case "DELETE api/triggers" -> write("DeleteTrigger", account + "trigger/" + name, null);
      case "GET api/dead-letters" -> read("DescribeDeadLetter", account + "dead-letter/" + name);
      case "POST api/dead-letters" ->
          switch (name) {
            case "redrive" -> write("RedriveDeadLetters", "*", json(body));
            case "discard" -> write("DiscardDeadLetters", "*", json(body));
            default -> null;
          };
      default -> null;
    };
  }

  private @Nullable Operation part(String verb, String[] segments, @Nullable String name) {
    if (name == null) {
      return null;
    }
    return switch (verb + ' ' + segments[1] + '/' + segments[2] + "/*/" + segments[4]) {
      case "GET api/executions/*/events" -> read("FollowExecution", name);
      case "PUT api/bulk-operations/*/cancel" ->
          write("CancelBulkOperation", account + "bulk-operation/" + name, null);
      case "PUT api/triggers/*/pause" -> trigger("PauseTrigger", name, null, null);
      case "PUT api/triggers/*/resume" -> trigger("ResumeTrigger", name, null, null);
      default -> null;
    };
  }

  private static Operation read(String name, String resource) {
    return new Operation(name, true, List.of(Demand.of(PREFIX + name, resource)), null);
  }

  private static Operation write(String name, String resource, @Nullable JsonNode parameters) {
    return new Operation(name, false, List.of(Demand.of(PREFIX + name, resource)), parameters);
  }

  /** A trigger goes on starting its machine when its author has gone: he must be allowed to. */
  private Operation trigger(
      String name, String trigger, @Nullable JsonNode parameters, @Nullable String machine) {
    List<Demand> demands = new ArrayList<>();
    demands.add(Demand.of(PREFIX + name, account + "trigger/" + trigger));
    if (machine != null) {
      demands.add(Demand.of("states:StartExecution", machine));
    }
    return new Operation(name, false, demands, parameters);
  }

  /**
   * Nobody is asked again when it is carried out: who makes one must be allowed to do the same to
   * each of its executions, and to all where a filter finds them.
   */
  private static Operation bulk(JsonNode wish) {
    List<Demand> demands = new ArrayList<>();
    demands.add(Demand.ofEverything(PREFIX + "CreateBulkOperation"));
    String action =
        wish.path("kind").asText().equals("redrive")
            ? "states:RedriveExecution"
            : "states:StopExecution";
    if (wish.path("executionArns").isArray()) {
      wish.path("executionArns").forEach(arn -> demands.add(Demand.of(action, arn.asText())));
    } else {
      demands.add(Demand.ofEverything(action));
    }
    return new Operation("CreateBulkOperation", false, demands, wish);
  }

  /**
   * Of the machine that is asked for by its ARN; a name may be that of several, and none is all.
   */
  private static Operation ofMachines(String name, Map<String, List<String>> query) {
    List<String> machines =
        query.getOrDefault("machine", List.of()).stream().filter(m -> !m.isEmpty()).toList();
    List<Demand> demands =
        machines.isEmpty()
            ? List.of(Demand.ofEverything(PREFIX + name))
            : machines.stream()
                .map(
                    machine -> Demand.of(PREFIX + name, machine.startsWith("arn:") ? machine : "*"))
                .toList();
    return new Operation(name, true, demands, null);
  }

  private static @Nullable String startedBy(JsonNode trigger) {
    return trigger.path("stateMachineArn").textValue();
  }

  /** As the resources read it; what they can't read they refuse. */
  private static JsonNode json(byte[] body) {
    try {
      return TriggerRequest.JSON.readTree(body);
    } catch (IOException _) {
      return TriggerRequest.JSON.createObjectNode();
    }
  }

  /** Null: it can't be decoded. */
  private static @Nullable String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
