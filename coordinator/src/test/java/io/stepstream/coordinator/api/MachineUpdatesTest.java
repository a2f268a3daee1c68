package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.api.ApiFixture.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists, updates, deletions of machines. */
class MachineUpdatesTest {

  private static final String NONE = ApiFixture.ACCOUNT + "stateMachine:none";
  private static final String OTHER =
      "{\"StartAt\":\"T\",\"States\":{\"T\":{\"Type\":\"Succeed\"}}}";

  private final ApiFixture api = new ApiFixture();

  @AfterEach
  void close() {
    api.close();
  }

  private Result describe(String arn) {
    return api.call("DescribeStateMachine", "stateMachineArn", arn);
  }

  @Test
  void shouldGiveAMachineAnotherDefinition() {
    String arn = api.machine("m", "STANDARD");

    Result updated = api.call("UpdateStateMachine", "stateMachineArn", arn, "definition", OTHER);

    assertThat(updated.status()).isEqualTo(200);
    Result described = describe(arn);
    assertThat(described.text("definition")).isEqualTo(OTHER);
    assertThat(described.text("roleArn")).isEqualTo(ApiFixture.ROLE);
    assertThat(described.text("revisionId")).isEqualTo(updated.text("revisionId"));
    assertThat(updated.body().get("updateDate").decimalValue())
        .isGreaterThan(described.body().get("creationDate").decimalValue());
  }

  @Test
  void shouldGiveAMachineAnotherRoleAndConfigurationAndKeepTheRest() {
    String arn =
        api.call(
                "CreateStateMachine",
                "name",
                "m",
                "definition",
                ApiFixture.PASS,
                "roleArn",
                ApiFixture.ROLE,
                "tracingConfiguration",
                Map.of("enabled", true))
            .text("stateMachineArn");
    String role = "arn:aws:iam::111111111111:role/another";

    api.call("UpdateStateMachine", "stateMachineArn", arn, "roleArn", role);
    api.call(
        "UpdateStateMachine",
        "stateMachineArn",
        arn,
        "loggingConfiguration",
        Map.of("level", "OFF", "includeExecutionData", true));

    Result described = describe(arn);
    assertThat(described.text("roleArn")).isEqualTo(role);
    assertThat(described.text("definition")).isEqualTo(ApiFixture.PASS);
    assertThat(described.body().at("/tracingConfiguration/enabled").asBoolean()).isTrue();
    assertThat(described.body().at("/loggingConfiguration/includeExecutionData").asBoolean())
        .isTrue();
  }

  @Test
  void shouldMakeNoNewRevisionOfWhatIsTheSame() {
    String arn = api.machine("m", "STANDARD");
    Result first = api.call("UpdateStateMachine", "stateMachineArn", arn, "definition", OTHER);
    Result again = api.call("UpdateStateMachine", "stateMachineArn", arn, "definition", OTHER);

    assertThat(again.body()).isEqualTo(first.body());
  }

  @Test
  void shouldRefuseUpdatesThatCannotBe() {
    String arn = api.machine("m", "EXPRESS");

    assertThat(api.call("UpdateStateMachine", "stateMachineArn", arn).error())
        .isEqualTo("MissingRequiredParameter");
    assertThat(api.call("UpdateStateMachine", "stateMachineArn", NONE, "definition", OTHER).error())
        .isEqualTo("StateMachineDoesNotExist");
    assertThat(api.call("UpdateStateMachine", "stateMachineArn", arn, "definition", "{}").error())
        .isEqualTo("InvalidDefinition");
    assertThat(api.call("UpdateStateMachine", "stateMachineArn", arn, "roleArn", "role").error())
        .isEqualTo("InvalidArn");
    // By its type, which it keeps: an Express machine can't wait for a callback.
    String callback =
        "{\"StartAt\":\"T\",\"States\":{\"T\":{\"Type\":\"Task\",\"End\":true,"
            + "\"Resource\":\"arn:aws:states:::sqs:sendMessage.waitForTaskToken\"}}}";
    assertThat(
            api.call("UpdateStateMachine", "stateMachineArn", arn, "definition", callback).error())
        .isEqualTo("InvalidDefinition");
    assertThat(describe(arn).text("definition")).isEqualTo(ApiFixture.PASS);
  }

  @Test
  void shouldTellTheRevisionThatAnExecutionRuns() {
    String arn = api.machine("m", "STANDARD");
    String execution = api.execution(arn, "before", "{}");
    api.call("UpdateStateMachine", "stateMachineArn", arn, "definition", OTHER);
    String later = api.execution(arn, "after", "{}");

    Result before = api.call("DescribeStateMachineForExecution", "executionArn", execution);
    assertThat(before.text("definition")).isEqualTo(ApiFixture.PASS);
    assertThat(before.text("stateMachineArn")).isEqualTo(arn);
    assertThat(before.body().has("updateDate")).isTrue();
    assertThat(
            api.call("DescribeStateMachineForExecution", "executionArn", later).text("definition"))
        .isEqualTo(OTHER);
    assertThat(
            api.call(
                    "DescribeStateMachineForExecution",
                    "executionArn",
                    execution,
                    "includedData",
                    "METADATA_ONLY")
                .body()
                .has("definition"))
        .isFalse();
    assertThat(
            api.call(
                    "DescribeStateMachineForExecution",
                    "executionArn",
                    ApiFixture.ACCOUNT + "execution:m:none")
                .error())
        .isEqualTo("ExecutionDoesNotExist");
  }

  @Test
  void shouldTellTheMapStateThatAChildExecutionRuns() {
    String inner = "{\"StartAt\":\"In\", \"States\":{\"In\":{\"Type\":\"Pass\",\"End\":true}}}";
    String processor =
        """
        {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
         "StartAt": "Möbel", "States": {
           "Möbel": {"Type": "Pass", "QueryLanguage": "JSONata", "End": true,
             "Output": {"x": "{% $rate %}", "price": 1.50}}}}
        """
            .strip();
    String definition =
        """
        {"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [
          %s,
          {"StartAt": "a/b", "States": {"a/b": {"Type": "Map", "Label": "größe", "End": true,
            "ItemProcessor": %s}}}]}}}
        """
            .formatted(inner, processor);
    String arn =
        api.call(
                "CreateStateMachine",
                "name",
                "m",
                "definition",
                definition,
                "roleArn",
                ApiFixture.ROLE)
            .text("stateMachineArn");
    String mapRun = ApiFixture.ACCOUNT + "mapRun:m/größe:id";
    String child = api.executions.child(api.execution(arn, "e", "{}"), mapRun, "c");
    api.call("UpdateStateMachine", "stateMachineArn", arn, "definition", OTHER);

    Result told = api.call("DescribeStateMachineForExecution", "executionArn", child);

    assertThat(told.text("stateMachineArn")).isEqualTo(arn + "/größe");
    assertThat(told.text("name")).isEqualTo("m/größe");
    assertThat(told.text("label")).isEqualTo("größe");
    assertThat(told.text("mapRunArn")).isEqualTo(mapRun);
    assertThat(told.text("definition")).isEqualTo(processor);
    assertThat(told.text("roleArn")).isEqualTo(ApiFixture.ROLE);
    assertThat(told.body().path("variableReferences"))
        .isEqualTo(ApiFixture.json("{\"Möbel\": [\"rate\"]}"));
    Result metadata =
        api.call(
            "DescribeStateMachineForExecution",
            "executionArn",
            child,
            "includedData",
            "METADATA_ONLY");
    assertThat(metadata.body().has("definition")).isFalse();
    assertThat(metadata.text("label")).isEqualTo("größe");
  }

  @Test
  void shouldForgetAMachineButNotWhatItsExecutionsRun() {
    String arn = api.machine("m", "STANDARD");
    String execution = api.execution(arn, "e", "{}");

    Result deleted = api.call("DeleteStateMachine", "stateMachineArn", arn);

    assertThat(deleted.status()).isEqualTo(200);
    // Until its executions have ended, and their revisions are forgotten.
    assertThat(describe(arn).text("status")).isEqualTo("DELETING");
    for (String refused :
        List.of("StartExecution", "PublishStateMachineVersion", "ListStateMachineAliases")) {
      assertThat(api.call(refused, "stateMachineArn", arn).error())
          .as(refused)
          .isEqualTo("StateMachineDeleting");
    }
    assertThat(
            api.call("UpdateStateMachine", "stateMachineArn", arn, "roleArn", ApiFixture.ROLE)
                .error())
        .isEqualTo("StateMachineDeleting");
    assertThat(
            api.call(
                    "CreateStateMachine",
                    "name",
                    "m",
                    "definition",
                    ApiFixture.PASS,
                    "roleArn",
                    ApiFixture.ROLE)
                .error())
        .isEqualTo("StateMachineDeleting");
    assertThat(api.call("ListStateMachines").body().path("stateMachines")).isEmpty();
    assertThat(
            api.call("DescribeStateMachineForExecution", "executionArn", execution)
                .text("definition"))
        .isEqualTo(ApiFixture.PASS);
    // As on AWS it is no error that there is none, and the name can be given anew.
    assertThat(api.call("DeleteStateMachine", "stateMachineArn", arn).status()).isEqualTo(200);
    api.forgetDeletions();
    assertThat(describe(arn).error()).isEqualTo("StateMachineDoesNotExist");
    assertThat(api.call("DescribeStateMachineForExecution", "executionArn", execution).error())
        .isEqualTo("StateMachineDoesNotExist");
    assertThat(api.machine("m", "EXPRESS")).isEqualTo(arn);
    assertThat(describe(arn).text("type")).isEqualTo("EXPRESS");
  }

  @Test
  void shouldListMachinesInPages() {
    List<String> arns = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      arns.add(api.machine("m" + i, i % 2 == 0 ? "STANDARD" : "EXPRESS"));
    }
    api.call("DeleteStateMachine", "stateMachineArn", arns.removeLast());

    List<String> listed = new ArrayList<>();
    String token = null;
    do {
      Result page = api.call("ListStateMachines", "maxResults", 4, "nextToken", token);
      page.body()
          .path("stateMachines")
          .forEach(machine -> listed.add(machine.path("stateMachineArn").asText()));
      token = page.body().path("nextToken").textValue();
    } while (token != null);

    assertThat(listed).containsExactlyElementsOf(arns);
    assertThat(api.call("ListStateMachines").body().at("/stateMachines/1"))
        .isEqualTo(
            ApiFixture.json(
                    "{\"stateMachineArn\": \"%s\", \"name\": \"m1\", \"type\": \"EXPRESS\"}"
                        .formatted(arns.get(1)))
                .<com.fasterxml.jackson.databind.node.ObjectNode>require()
                .set("creationDate", describe(arns.get(1)).body().get("creationDate")));
    assertThat(api.call("ListStateMachines", "nextToken", "forged").error())
        .isEqualTo("InvalidToken");
  }
}
