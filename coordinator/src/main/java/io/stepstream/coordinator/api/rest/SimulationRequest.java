package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.simulation.TaskReport;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is to be simulated.
 *
 * @param input JSON in UTF-8
 * @param mocks what the tasks of a state answer, attempt by attempt; the last answer is repeated
 */
record SimulationRequest(
    Machine machine, MachineType type, byte[] input, Map<String, List<TaskReport>> mocks) {

  private static final Set<String> MEMBERS = Set.of("definition", "type", "input", "mocks");
  private static final Set<String> ANSWER = Set.of("result", "error", "cause", "afterSeconds");
  private static final String MEND_ANSWER =
      "Give {\"result\": …}, or {\"error\": \"…\", \"cause\": \"…\"}, and afterSeconds if you like";

  /** More than a state may retry by default, many times over. */
  private static final int MOST_ANSWERS = 1000;

  /** As long as a Standard execution lasts at most. */
  private static final int LONGEST_DAYS = 366;

  static SimulationRequest parse(byte[] body) throws Parameters.Unusable {
    ObjectNode json = TriggerRequest.parsed(body, MEMBERS);
    MachineType type = type(json.get("type"));
    Machine machine = machine(json.get("definition"), type);
    JsonNode input = json.has("input") ? json.get("input") : json.objectNode();
    return new SimulationRequest(machine, type, utf8(input), mocks(json.get("mocks"), machine));
  }

  private static byte[] utf8(JsonNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static MachineType type(@Nullable JsonNode type) throws Parameters.Unusable {
    if (type == null) {
      return MachineType.STANDARD;
    }
    return switch (type.asText()) {
      case "STANDARD" -> MachineType.STANDARD;
      case "EXPRESS" -> MachineType.EXPRESS;
      default -> throw unusable("type", "type can't be " + type, "Use STANDARD or EXPRESS");
    };
  }

  private static Machine machine(@Nullable JsonNode definition, MachineType type)
      throws Parameters.Unusable {
    if (definition == null || !definition.isTextual()) {
      throw unusable(
          "definition",
          definition == null ? "definition is missing" : "definition is no string",
          "Give the definition as a string, as CreateStateMachine takes it");
    }
    return switch (DefinitionReader.read(definition.textValue(), Format.JSON, type)) {
      case DefinitionResult.Parsed parsed -> Machine.of(parsed.machine());
      case DefinitionResult.Rejected rejected ->
          throw unusable(
              "definition",
              rejected.message(),
              "ValidateStateMachineDefinition tells each problem with its place");
    };
  }

  private static Map<String, List<TaskReport>> mocks(@Nullable JsonNode mocks, Machine machine)
      throws Parameters.Unusable {
    Map<String, List<TaskReport>> found = new LinkedHashMap<>();
    if (mocks == null) {
      return found;
    }
    if (!mocks.isObject()) {
      throw unusable("mocks", "mocks is no object", "Give lists of answers by names of states");
    }
    Set<String> tasks = tasks(machine);
    for (Map.Entry<String, JsonNode> mock : mocks.properties()) {
      String place = "mocks/" + mock.getKey();
      if (!tasks.contains(mock.getKey())) {
        throw unusable(
            place,
            "There is no Task state '%s' in the definition".formatted(mock.getKey()),
            tasks.isEmpty() ? "Leave it out" : "Mock one of " + tasks);
      }
      JsonNode answers = mock.getValue();
      if (!answers.isArray() || answers.isEmpty() || answers.size() > MOST_ANSWERS) {
        throw unusable(
            place,
            "The mock of '%s' is no list of answers".formatted(mock.getKey()),
            "Give 1 to %d answers, the last of which is repeated".formatted(MOST_ANSWERS));
      }
      List<TaskReport> reports = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        reports.add(answer(place + '/' + i, answers.get(i)));
      }
      found.put(mock.getKey(), List.copyOf(reports));
    }
    return found;
  }

  private static Set<String> tasks(Machine machine) {
    return machine.flows().values().stream()
        .map(Flow::states)
        .flatMap(states -> states.values().stream())
        .filter(State.Task.class::isInstance)
        .map(State::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static TaskReport answer(String place, JsonNode answer) throws Parameters.Unusable {
    if (!answer.isObject()) {
      throw unusable(place, "An answer is no object", MEND_ANSWER);
    }
    for (Map.Entry<String, JsonNode> member : answer.properties()) {
      if (!ANSWER.contains(member.getKey())) {
        throw unusable(
            place, "An answer has no '%s'".formatted(member.getKey()), "Use " + sorted(ANSWER));
      }
    }
    boolean failed = answer.has("error") || answer.has("cause");
    if (answer.has("result") == failed) {
      throw unusable(
          place,
          failed
              ? "An answer has a result and an error or cause"
              : "An answer has neither a result nor an error or cause",
          MEND_ANSWER);
    }
    Duration after = after(place, answer.get("afterSeconds"));
    return failed
        ? new TaskReport.Failed(after, text(place, answer, "error"), text(place, answer, "cause"))
        : new TaskReport.Succeeded(after, utf8(answer.get("result")));
  }

  private static Duration after(String place, @Nullable JsonNode seconds)
      throws Parameters.Unusable {
    if (seconds == null) {
      return Duration.ZERO;
    }
    long most = Duration.ofDays(LONGEST_DAYS).toSeconds();
    if (!seconds.isNumber() || !(seconds.doubleValue() >= 0 && seconds.doubleValue() <= most)) {
      throw unusable(place, "afterSeconds can't be " + seconds, "Give a number from 0 to " + most);
    }
    return Duration.ofMillis(Math.round(seconds.doubleValue() * 1000));
  }

  private static @Nullable String text(String place, JsonNode answer, String member)
      throws Parameters.Unusable {
    JsonNode value = answer.get(member);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw unusable(place, member + " is no string", "Give a string");
    }
    return value.textValue();
  }

  private static Set<String> sorted(Set<String> names) {
    return new TreeSet<>(names);
  }

  private static Parameters.Unusable unusable(String member, String detail, String mend) {
    return new Parameters.Unusable(Problem.invalid(member, null, detail, mend));
  }
}
