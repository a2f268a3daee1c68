package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.asl.engine.TaskToken;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.access.Demand;
import io.stepstream.coordinator.api.protocol.Constraints;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionDemandsTest {

  private static final String A = ApiFixture.ACCOUNT;

  private final ObjectMapper json = new ObjectMapper();
  private final TaskTokens tokens = TaskTokens.unprotected();
  private final ActionDemands demands = new ActionDemands(ApiFixture.AWS, tokens);

  private List<String> of(String action, String parameters) throws Exception {
    JsonNode tree = json.readTree(parameters.replace('\'', '"').replace("A:", A));
    return demands.of(action, tree).stream()
        .map(demand -> demand.action() + ' ' + demand.resource().replace(A, "A:"))
        .toList();
  }

  @Test
  void shouldKnowEveryAction() throws Exception {
    for (String action : Constraints.load().actions()) {
      // With nothing in it: that nothing is demanded is for the actions that then refuse.
      List<String> demanded = of(action, "{}");
      if (!action.startsWith("SendTask")
          && !action.equals("ListExecutions")
          && !action.equals("CreateStateMachineAlias")) {
        assertThat(demanded).as(action).first().asString().startsWith("states:" + action + ' ');
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "StartExecution | {'stateMachineArn':'A:stateMachine:m:live'} | states:StartExecution"
            + " A:stateMachine:m:live",
        "ListExecutions | {'mapRunArn':'A:mapRun:m/l:r'} | states:ListExecutions A:mapRun:m/l:r",
        "ListExecutions | {'mapRunArn':'A:mapRun:m/l:r','stateMachineArn':'A:stateMachine:m'} |"
            + " states:ListExecutions A:stateMachine:m; states:ListExecutions A:mapRun:m/l:r",
        "RedriveExecution | {'executionArn':'A:execution:m:e'} | states:RedriveExecution"
            + " A:execution:m:e",
        "CreateStateMachine | {'name':'m','roleArn':'r','publish':true,'tags':[{'key':'k'}]} |"
            + " states:CreateStateMachine A:stateMachine:m; states:PublishStateMachineVersion"
            + " A:stateMachine:m; states:TagResource A:stateMachine:m; iam:PassRole r",
        "UpdateStateMachine | {'stateMachineArn':'A:stateMachine:m'} | states:UpdateStateMachine"
            + " A:stateMachine:m",
        "UpdateStateMachine | {'stateMachineArn':'A:stateMachine:m','roleArn':'r'} |"
            + " states:UpdateStateMachine A:stateMachine:m; iam:PassRole r",
        "TestState | {'roleArn':'r'} | states:TestState *; iam:PassRole r",
        "CreateStateMachineAlias |"
            + " {'name':'live','routingConfiguration':[{'stateMachineVersionArn':'A:stateMachine:m:1'},{'stateMachineVersionArn':'A:stateMachine:n:2'}]}"
            + " | states:CreateStateMachineAlias A:stateMachine:m:live;"
            + " states:CreateStateMachineAlias A:stateMachine:n:live",
        "UpdateStateMachineAlias |"
            + " {'stateMachineAliasArn':'A:stateMachine:m:live','routingConfiguration':[{'stateMachineVersionArn':'A:stateMachine:n:2'}]}"
            + " | states:UpdateStateMachineAlias A:stateMachine:m:live;"
            + " states:UpdateStateMachineAlias A:stateMachine:n",
        "TagResource | {'resourceArn':'A:activity:a'} | states:TagResource A:activity:a",
      })
  void shouldDemandAllThatACallNames(String action, String parameters, String demanded)
      throws Exception {
    assertThat(of(action, parameters)).containsExactly(demanded.split("; "));
  }

  @ParameterizedTest
  @CsvSource({
    "execution:m:e, stateMachine:m",
    "execution:m/label:e, stateMachine:m",
    "express:m:n:u, stateMachine:m",
    "express:m/label:r:n, stateMachine:m"
  })
  void shouldAskOfATokenForTheMachineOfItsExecution(String execution, String machine)
      throws Exception {
    String token = tokens.sign(new TaskToken(A + execution, 1, 1));
    String other =
        new TaskTokens(List.of("another".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
            .sign(new TaskToken(A + execution, 1, 1));

    assertThat(of("SendTaskSuccess", "{'taskToken':'" + token + "'}"))
        .containsExactly("states:SendTaskSuccess A:" + machine);
    // Forged ones get no further than the action.
    assertThat(of("SendTaskSuccess", "{'taskToken':'" + other + "'}")).isEmpty();
  }

  @Test
  void shouldNameTheMachineOfAVersionAndOfALabel() {
    assertThat(Demand.of("a", A + "stateMachine:m:live").names())
        .containsExactly(A + "stateMachine:m:live", A + "stateMachine:m");
    assertThat(Demand.of("a", A + "stateMachine:m/l").names())
        .containsExactly(A + "stateMachine:m/l", A + "stateMachine:m");
    assertThat(Demand.of("a", A + "execution:m/l:e").names())
        .containsExactly(A + "execution:m/l:e", A + "execution:m:e");
    assertThat(Demand.of("a", A + "mapRun:m/l:e").names()).containsExactly(A + "mapRun:m/l:e");
  }
}
