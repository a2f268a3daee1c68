package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.api.ApiFixture.Result;
import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.schemas.ExecutionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Versions and aliases. */
class VersionActionsTest {

  private static final String MACHINE = ApiFixture.ACCOUNT + "stateMachine:m";
  private static final String NONE = ApiFixture.ACCOUNT + "stateMachine:none";

  private final ApiFixture api = new ApiFixture();

  @AfterEach
  void close() {
    api.close();
  }

  private static String pass(int result) {
    return "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Pass\",\"Result\":%d,\"End\":true}}}"
        .formatted(result);
  }

  private Result create(Object... more) {
    List<Object> members =
        new ArrayList<>(List.of("name", "m", "definition", pass(1), "roleArn", ApiFixture.ROLE));
    members.addAll(List.of(more));
    return api.call("CreateStateMachine", members.toArray());
  }

  private Result update(int result, Object... more) {
    List<Object> members =
        new ArrayList<>(List.of("stateMachineArn", MACHINE, "definition", pass(result)));
    members.addAll(List.of(more));
    return api.call("UpdateStateMachine", members.toArray());
  }

  private Result publish(Object... more) {
    List<Object> members = new ArrayList<>(List.of("stateMachineArn", MACHINE));
    members.addAll(List.of(more));
    return api.call("PublishStateMachineVersion", members.toArray());
  }

  private static List<Map<String, Object>> routes(Object... versionsAndWeights) {
    List<Map<String, Object>> routes = new ArrayList<>();
    for (int i = 0; i < versionsAndWeights.length; i += 2) {
      routes.add(
          Map.of(
              "stateMachineVersionArn",
              MACHINE + ":" + versionsAndWeights[i],
              "weight",
              versionsAndWeights[i + 1]));
    }
    return routes;
  }

  private Result alias(String name, Object... versionsAndWeights) {
    return api.call(
        "CreateStateMachineAlias",
        "name",
        name,
        "routingConfiguration",
        routes(versionsAndWeights));
  }

  private List<String> texts(Result result, String list, String member) {
    return result.body().path(list).findValuesAsText(member);
  }

  @Test
  void shouldPublishEachRevisionOnce() {
    assertThat(
            create("publish", true, "versionDescription", "first").text("stateMachineVersionArn"))
        .isEqualTo(MACHINE + ":1");
    // AWS: the same request again is the same version, another description is another request.
    assertThat(
            create("publish", true, "versionDescription", "first").text("stateMachineVersionArn"))
        .isEqualTo(MACHINE + ":1");
    assertThat(create("publish", true).error()).isEqualTo("StateMachineAlreadyExists");
    assertThat(publish().text("stateMachineVersionArn")).isEqualTo(MACHINE + ":1");
    assertThat(publish("revisionId", "INITIAL").status()).isEqualTo(200);

    Result updated = update(2, "publish", true, "versionDescription", "second");

    assertThat(updated.text("stateMachineVersionArn")).isEqualTo(MACHINE + ":2");
    assertThat(update(2, "publish", true).text("stateMachineVersionArn")).isEqualTo(MACHINE + ":2");
    Result described = api.call("DescribeStateMachine", "stateMachineArn", MACHINE + ":1");
    assertThat(described.text("stateMachineArn")).isEqualTo(MACHINE + ":1");
    assertThat(described.text("definition")).isEqualTo(pass(1));
    assertThat(described.text("description")).isEqualTo("first");
    assertThat(described.body().has("revisionId")).isFalse();
    assertThat(
            api.call("DescribeStateMachine", "stateMachineArn", MACHINE + ":2").text("revisionId"))
        .isEqualTo(updated.text("revisionId"));
    assertThat(publish("revisionId", "INITIAL").message())
        .isEqualTo(
            "Failed to publish the State Machine version for revision INITIAL. The current State"
                + " Machine revision is "
                + updated.text("revisionId")
                + ".");
    assertThat(publish("revisionId", "INITIAL").status()).isEqualTo(409);
  }

  @Test
  void shouldListVersionsAndNeverGiveANumberTwice() {
    create("publish", true);
    for (int i = 2; i <= 5; i++) {
      update(i, "publish", true);
    }
    List<String> listed = new ArrayList<>();
    String token = null;
    do {
      Result page =
          api.call(
              "ListStateMachineVersions",
              "stateMachineArn",
              MACHINE,
              "maxResults",
              2,
              "nextToken",
              token);
      listed.addAll(texts(page, "stateMachineVersions", "stateMachineVersionArn"));
      token = page.body().path("nextToken").textValue();
    } while (token != null);
    assertThat(listed)
        .containsExactly(
            MACHINE + ":5", MACHINE + ":4", MACHINE + ":3", MACHINE + ":2", MACHINE + ":1");

    String last = MACHINE + ":5";
    for (int i = 0; i < 2; i++) { // AWS: one that isn't there is deleted already
      assertThat(api.call("DeleteStateMachineVersion", "stateMachineVersionArn", last).status())
          .isEqualTo(200);
    }
    assertThat(api.call("DescribeStateMachine", "stateMachineArn", last).error())
        .isEqualTo("StateMachineDoesNotExist");
    assertThat(api.call("StartExecution", "stateMachineArn", last).error())
        .isEqualTo("StateMachineDoesNotExist");
    assertThat(publish().text("stateMachineVersionArn")).isEqualTo(MACHINE + ":6");
    assertThat(api.call("ListStateMachineVersions", "stateMachineArn", NONE).body())
        .isEqualTo(ApiFixture.json("{\"stateMachineVersions\":[]}"));
  }

  @Test
  void shouldStartVersionsAndSayWithWhichAnExecutionBegan() {
    create("publish", true);
    update(2);

    String execution = api.execution(MACHINE + ":1", "e", "{}");

    assertThat(execution).isEqualTo(ApiFixture.ACCOUNT + "execution:m:e");
    Result described = api.call("DescribeExecution", "executionArn", execution);
    assertThat(described.text("stateMachineArn")).isEqualTo(MACHINE);
    assertThat(described.text("stateMachineVersionArn")).isEqualTo(MACHINE + ":1");
    assertThat(described.body().has("stateMachineAliasArn")).isFalse();
    assertThat(
            api.call("DescribeStateMachineForExecution", "executionArn", execution)
                .text("definition"))
        .isEqualTo(pass(1));
    assertThat(
            api.call("DescribeExecution", "executionArn", api.execution(MACHINE, "f", "{}"))
                .body()
                .has("stateMachineVersionArn"))
        .isFalse();
  }

  @Test
  void shouldSplitTheStartsOfAnAliasByItsWeights() {
    create("publish", true);
    update(2, "publish", true);
    assertThat(alias("PROD", 1, 50, 2, 50).text("stateMachineAliasArn"))
        .isEqualTo(MACHINE + ":PROD");

    Set<String> versions = new TreeSet<>();
    for (int i = 0; i < 60; i++) {
      Result described =
          api.call(
              "DescribeExecution", "executionArn", api.execution(MACHINE + ":PROD", null, "{}"));
      versions.add(described.text("stateMachineVersionArn"));
      assertThat(described.text("stateMachineAliasArn")).isEqualTo(MACHINE + ":PROD");
    }
    // Once in 2^59 all go one way.
    assertThat(versions).containsExactly(MACHINE + ":1", MACHINE + ":2");

    api.call(
        "UpdateStateMachineAlias",
        "stateMachineAliasArn",
        MACHINE + ":PROD",
        "routingConfiguration",
        routes(1, 0, 2, 100));
    for (int i = 0; i < 20; i++) {
      String execution = api.execution(MACHINE + ":PROD", null, "{}");
      assertThat(
              api.call("DescribeExecution", "executionArn", execution)
                  .text("stateMachineVersionArn"))
          .isEqualTo(MACHINE + ":2");
    }
  }

  @Test
  void shouldKeepAliases() {
    create("publish", true);
    update(2, "publish", true);
    alias("A", 1, 100);
    alias("B", 2, 100);
    alias("C", 1, 30, 2, 70);

    assertThat(alias("A", 1, 100).status()).isEqualTo(200);
    assertThat(alias("A", 2, 100).status()).isEqualTo(409);
    assertThat(
            texts(
                api.call("ListStateMachineAliases", "stateMachineArn", MACHINE),
                "stateMachineAliases",
                "stateMachineAliasArn"))
        .containsExactly(MACHINE + ":C", MACHINE + ":B", MACHINE + ":A");
    Result page =
        api.call("ListStateMachineAliases", "stateMachineArn", MACHINE + ":1", "maxResults", 1);
    assertThat(texts(page, "stateMachineAliases", "stateMachineAliasArn"))
        .containsExactly(MACHINE + ":C");
    Result next =
        api.call(
            "ListStateMachineAliases",
            "stateMachineArn",
            MACHINE + ":1",
            "maxResults",
            1,
            "nextToken",
            page.text("nextToken"));
    assertThat(texts(next, "stateMachineAliases", "stateMachineAliasArn"))
        .containsExactly(MACHINE + ":A");
    assertThat(next.body().has("nextToken")).isFalse();

    Result updated =
        api.call(
            "UpdateStateMachineAlias", "stateMachineAliasArn", MACHINE + ":C", "description", "d");
    JsonNode described =
        api.call("DescribeStateMachineAlias", "stateMachineAliasArn", MACHINE + ":C").body();
    assertThat(described.path("description").asText()).isEqualTo("d");
    assertThat(described.path("name").asText()).isEqualTo("C");
    assertThat(described.at("/routingConfiguration/1/weight").asInt()).isEqualTo(70);
    assertThat(described.path("updateDate")).isEqualTo(updated.body().path("updateDate"));

    Result inUse = api.call("DeleteStateMachineVersion", "stateMachineVersionArn", MACHINE + ":1");
    assertThat(inUse.status()).isEqualTo(409);
    assertThat(inUse.message()).endsWith("referencing this version: [C, A]");
    for (int i = 0; i < 2; i++) {
      assertThat(
              api.call("DeleteStateMachineAlias", "stateMachineAliasArn", MACHINE + ":A").status())
          .isEqualTo(200);
    }
    assertThat(
            api.call("DescribeStateMachineAlias", "stateMachineAliasArn", MACHINE + ":A").error())
        .isEqualTo("ResourceNotFound");
    assertThat(api.call("StartExecution", "stateMachineArn", MACHINE + ":A").error())
        .isEqualTo("StateMachineDoesNotExist");
  }

  @Test
  void shouldRefuseRoutesThatCannotBe() {
    create("publish", true);
    assertThat(alias("A", 1, 50).message())
        .isEqualTo("Sum of routing configuration weights must equal 100. Received: [50]");
    assertThat(alias("A", 1, 50, 1, 50).message()).contains("distinct");
    assertThat(alias("A", "PROD", 100).message())
        .startsWith("Routing configuration must contain state machine version ARNs.");
    assertThat(alias("A", 7, 100).error()).isEqualTo("ResourceNotFound");
    assertThat(alias("123", 1, 100).error()).isEqualTo("ValidationException");
    List<Map<String, Object>> foreign = new ArrayList<>(routes(1, 50));
    foreign.add(Map.of("stateMachineVersionArn", NONE + ":1", "weight", 50));
    assertThat(
            api.call("CreateStateMachineAlias", "name", "A", "routingConfiguration", foreign)
                .message())
        .contains("of one state machine");
    alias("A", 1, 100);
    assertThat(api.call("UpdateStateMachineAlias", "stateMachineAliasArn", MACHINE + ":A").error())
        .isEqualTo("ValidationException");
    assertThat(
            api.call(
                    "UpdateStateMachineAlias",
                    "stateMachineAliasArn",
                    MACHINE + ":A",
                    "routingConfiguration",
                    routes(9, 100))
                .error())
        .isEqualTo("ResourceNotFound");
    assertThat(
            api.call(
                    "UpdateStateMachineAlias",
                    "stateMachineAliasArn",
                    MACHINE + ":NONE",
                    "description",
                    "d")
                .error())
        .isEqualTo("ResourceNotFound");
  }

  @Test
  void shouldRefuseArnsThatNameSomethingElse() {
    create("publish", true);
    assertThat(update(2, "stateMachineArn", MACHINE + ":1").error())
        .isEqualTo("StateMachineDoesNotExist");
    assertThat(publish("stateMachineArn", NONE).error()).isEqualTo("StateMachineDoesNotExist");
    assertThat(publish("stateMachineArn", MACHINE + ":1").error())
        .isEqualTo("StateMachineDoesNotExist");
    for (String wrong : List.of(MACHINE, MACHINE + ":PROD", MACHINE + ":99999999999", "arn:x")) {
      assertThat(api.call("DeleteStateMachineVersion", "stateMachineVersionArn", wrong).error())
          .as(wrong)
          .isEqualTo("InvalidArn");
    }
    for (String wrong : List.of(MACHINE, MACHINE + ":1")) {
      assertThat(api.call("DeleteStateMachineAlias", "stateMachineAliasArn", wrong).error())
          .as(wrong)
          .isEqualTo("InvalidArn");
    }
    for (String wrong : List.of(MACHINE + ":1", MACHINE + ":PROD", MACHINE + "/label")) {
      assertThat(api.call("DeleteStateMachine", "stateMachineArn", wrong).error())
          .as(wrong)
          .isEqualTo("ValidationException");
    }
    assertThat(api.call("ListStateMachineAliases", "stateMachineArn", NONE).error())
        .isEqualTo("StateMachineDoesNotExist");
    assertThat(api.call("ListStateMachineAliases", "stateMachineArn", MACHINE + ":9").error())
        .isEqualTo("ResourceNotFound");
  }

  @Test
  void shouldDeleteVersionsAndAliasesWithTheirMachine() {
    create("publish", true, "type", "EXPRESS");
    alias("PROD", 1, 100);

    api.call("DeleteStateMachine", "stateMachineArn", MACHINE);

    assertThat(api.call("StartExecution", "stateMachineArn", MACHINE + ":PROD").error())
        .isEqualTo("StateMachineDoesNotExist");
    create();
    assertThat(
            texts(
                api.call("ListStateMachineVersions", "stateMachineArn", MACHINE),
                "stateMachineVersions",
                "stateMachineVersionArn"))
        .isEmpty();
    assertThat(publish().text("stateMachineVersionArn")).isEqualTo(MACHINE + ":1");
    // Forgetting what was deleted must not take the new machine's revisions along.
    api.forgetDeletions();
    assertThat(
            api.call("DescribeStateMachine", "stateMachineArn", MACHINE + ":1").text("definition"))
        .isEqualTo(pass(1));
  }

  @Test
  void shouldListExecutionsByVersionAndAlias() {
    create("publish", true);
    alias("PROD", 1, 100);

    listed(1, "plain", null, null);
    listed(2, "version", MACHINE + ":1", null);
    listed(3, "alias", MACHINE + ":1", MACHINE + ":PROD");

    assertThat(names(MACHINE)).containsExactly("alias", "version", "plain");
    assertThat(names(MACHINE + ":1")).containsExactly("alias", "version");
    assertThat(names(MACHINE + ":PROD")).containsExactly("alias");
    JsonNode execution =
        api.call("ListExecutions", "stateMachineArn", MACHINE + ":PROD").body().at("/executions/0");
    assertThat(execution.path("stateMachineArn").asText()).isEqualTo(MACHINE);
    assertThat(execution.path("stateMachineVersionArn").asText()).isEqualTo(MACHINE + ":1");
    assertThat(execution.path("stateMachineAliasArn").asText()).isEqualTo(MACHINE + ":PROD");
  }

  private List<String> names(String arn) {
    return texts(api.call("ListExecutions", "stateMachineArn", arn), "executions", "name");
  }

  private void listed(long position, String name, String version, String alias) {
    api.lists.add(
        new ListedExecution(
            position,
            ApiFixture.ACCOUNT + "execution:m:" + name,
            MACHINE,
            ExecutionStatus.RUNNING,
            Instant.ofEpochMilli(1_700_000_000_000L),
            null,
            0,
            null,
            null,
            version,
            alias));
  }
}
