package io.stepstream.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.engine.TaskToken;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.access.Demand;
import io.stepstream.coordinator.definition.MachineRef;
import io.stepstream.schemas.topic.ExecutionKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller must be allowed for a call of an action: the action itself, on what AWS's policies
 * name for it, and for everything else that the parameters name what would be demanded if it were
 * called for. A role that is handed to a machine is {@code iam:PassRole} on it.
 */
final class ActionDemands {

  private static final String STATES = "states:";

  private final AwsConfig aws;
  private final TaskTokens tokens;

  ActionDemands(AwsConfig aws, TaskTokens tokens) {
    this.aws = aws;
    this.tokens = tokens;
  }

  /**
   * @param parameters that satisfy the model's constraints
   * @return all of which must be allowed; none for a task token that isn't one of ours, which the
   *     action refuses
   */
  List<Demand> of(String action, JsonNode parameters) {
    List<Demand> demands = new ArrayList<>();
    switch (action) {
      case "ListStateMachines", "ListActivities", "ValidateStateMachineDefinition", "TestState" ->
          demands.add(Demand.ofEverything(STATES + action));
      case "CreateStateMachine" ->
          demands.add(on(action, aws.stateMachineArn(text(parameters, "name"))));
      case "CreateActivity" -> demands.add(on(action, aws.activityArn(text(parameters, "name"))));
      case "CreateStateMachineAlias" ->
          ofVersions(parameters)
              .forEach(
                  machine -> demands.add(on(action, machine + ':' + text(parameters, "name"))));
      case "UpdateStateMachineAlias" -> {
        demands.add(on(action, text(parameters, "stateMachineAliasArn")));
        ofVersions(parameters).forEach(machine -> demands.add(on(action, machine)));
      }
      case "SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat" -> {
        TaskToken token = tokens.verify(text(parameters, "taskToken"));
        if (token != null) {
          demands.add(on(action, ExecutionKey.machineArn(token.executionArn())));
        }
      }
      case "ListExecutions" -> {
        // One of them is missing as a rule; that there is exactly one is the action's affair.
        ofGiven(action, parameters, "stateMachineArn", demands);
        ofGiven(action, parameters, "mapRunArn", demands);
      }
      case "TagResource", "UntagResource", "ListTagsForResource" ->
          demands.add(on(action, text(parameters, "resourceArn")));
      case "DescribeStateMachine",
          "UpdateStateMachine",
          "DeleteStateMachine",
          "StartExecution",
          "StartSyncExecution",
          "PublishStateMachineVersion",
          "ListStateMachineVersions",
          "ListStateMachineAliases" ->
          demands.add(on(action, text(parameters, "stateMachineArn")));
      case "DescribeStateMachineAlias", "DeleteStateMachineAlias" ->
          demands.add(on(action, text(parameters, "stateMachineAliasArn")));
      case "DeleteStateMachineVersion" ->
          demands.add(on(action, text(parameters, "stateMachineVersionArn")));
      case "DescribeExecution",
          "DescribeStateMachineForExecution",
          "GetExecutionHistory",
          "ListMapRuns",
          "StopExecution",
          "RedriveExecution" ->
          demands.add(on(action, text(parameters, "executionArn")));
      case "DescribeMapRun", "UpdateMapRun" ->
          demands.add(on(action, text(parameters, "mapRunArn")));
      case "DescribeActivity", "DeleteActivity", "GetActivityTask" ->
          demands.add(on(action, text(parameters, "activityArn")));
      // The router has checked that the model has the action.
      default -> throw new IllegalStateException("nobody says what may be done by " + action);
    }
    embedded(parameters, demands);
    return demands;
  }

  /** What further permissions parameters ask for, on the same resource. */
  private static void embedded(JsonNode parameters, List<Demand> demands) {
    String role = parameters.path("roleArn").textValue();
    List<Demand> further = new ArrayList<>();
    for (Demand demand : demands) {
      switch (demand.action()) {
        case "states:CreateStateMachine", "states:UpdateStateMachine" -> {
          if (parameters.path("publish").asBoolean()) {
            further.add(on("PublishStateMachineVersion", demand.resource()));
          }
          tagged(parameters, demand, further);
        }
        case "states:CreateActivity" -> tagged(parameters, demand, further);
        default -> {}
      }
    }
    demands.addAll(further);
    if (role != null) {
      demands.add(Demand.of("iam:PassRole", role));
    }
  }

  private static void tagged(JsonNode parameters, Demand demand, List<Demand> further) {
    if (!parameters.path("tags").isEmpty()) {
      further.add(on("TagResource", demand.resource()));
    }
  }

  private static void ofGiven(
      String action, JsonNode parameters, String member, List<Demand> demands) {
    String arn = parameters.path(member).textValue();
    if (arn != null) {
      demands.add(on(action, arn));
    }
  }

  /** The machines whose versions an alias is to lead to. */
  private static List<String> ofVersions(JsonNode parameters) {
    List<String> machines = new ArrayList<>();
    parameters
        .path("routingConfiguration")
        .forEach(
            route -> {
              String version = route.path("stateMachineVersionArn").asText();
              machines.add(MachineRef.of(version).machineArn());
            });
    return machines;
  }

  private static Demand on(String action, String resource) {
    return Demand.of(STATES + action, resource);
  }

  private static String text(JsonNode parameters, String member) {
    @Nullable String text = parameters.path(member).textValue();
    return text == null ? "" : text;
  }
}
