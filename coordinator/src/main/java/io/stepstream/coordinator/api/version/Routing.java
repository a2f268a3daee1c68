package io.stepstream.coordinator.api.version;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.MachineRef;
import io.stepstream.schemas.AliasRoute;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * Reads AWS's routingConfiguration: one version or two of one machine.
 *
 * @param routes in the order of the request
 */
record Routing(String machineArn, List<AliasRoute> routes) {

  private static final String REASON = "INVALID_ROUTING_CONFIGURATION";
  private static final int ALL = 100;

  Routing {
    routes = List.copyOf(routes);
  }

  /**
   * @param configuration that satisfies the model's constraints
   */
  static Checked<Routing> check(JsonNode configuration) {
    List<String> arns = new ArrayList<>();
    List<Integer> weights = new ArrayList<>();
    for (JsonNode item : configuration) {
      arns.add(item.required("stateMachineVersionArn").textValue());
      weights.add(item.required("weight").intValue());
    }
    if (arns.stream().anyMatch(arn -> MachineRef.of(arn).version() == null)) {
      return invalid(
          "Routing configuration must contain state machine version ARNs. Received: " + arns);
    }
    if (new HashSet<>(arns).size() < arns.size()) {
      return invalid(
          "Routing configuration must contain distinct state machine version ARNs. Received: "
              + arns);
    }
    if (weights.stream().mapToInt(Integer::intValue).sum() != ALL) {
      return invalid("Sum of routing configuration weights must equal 100. Received: " + weights);
    }
    String machine = MachineRef.of(arns.getFirst()).machineArn();
    List<AliasRoute> routes = new ArrayList<>();
    for (int i = 0; i < arns.size(); i++) {
      MachineRef ref = MachineRef.of(arns.get(i));
      if (!ref.machineArn().equals(machine)) {
        return invalid(
            "Routing configuration must contain versions of one state machine. Received: " + arns);
      }
      routes.add(new AliasRoute(Objects.requireNonNull(ref.version()), weights.get(i)));
    }
    return new Valid<>(new Routing(machine, routes));
  }

  private static Checked<Routing> invalid(String message) {
    return new Invalid<>(Refusals.validation(message, REASON));
  }
}
