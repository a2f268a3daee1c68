package io.stepstream.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.asl.teststate.StateTester;
import io.stepstream.coordinator.access.Origin;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.api.activity.ActivityActions;
import io.stepstream.coordinator.api.check.CheckActions;
import io.stepstream.coordinator.api.check.ExecutedTasks;
import io.stepstream.coordinator.api.execution.ExecutionActions;
import io.stepstream.coordinator.api.machine.MachineActions;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Constraints;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.api.tag.TagActions;
import io.stepstream.coordinator.api.task.TaskActions;
import io.stepstream.coordinator.api.version.VersionActions;
import io.stepstream.coordinator.audit.AuditTrail;
import io.stepstream.coordinator.definition.AslCompiler;
import io.stepstream.coordinator.definition.DefinedResources;
import io.stepstream.coordinator.definition.DefinitionsInMemory;
import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.ExpressChildren;
import io.stepstream.coordinator.execution.InMemoryExecutions;
import io.stepstream.coordinator.execution.InMemoryLists;
import io.stepstream.coordinator.execution.InMemoryMapRuns;
import io.stepstream.coordinator.execution.InMemoryTasks;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.schemas.sealing.PayloadKeys;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The whole API over definitions and executions in memory, called by AWS JSON 1.0. */
final class ApiFixture implements AutoCloseable {

  static final String ACCOUNT = "arn:aws:states:us-east-1:111111111111:";
  static final String ROLE = "arn:aws:iam::111111111111:role/r";
  static final String PASS =
      "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Pass\",\"End\":true}}}";

  static final AwsConfig AWS =
      new AwsConfig() {
        @Override
        public String region() {
          return "us-east-1";
        }

        @Override
        public String account() {
          return "111111111111";
        }
      };

  /** How long calls wait for what moves. */
  static final Duration LONGEST_MOVE = Duration.ofSeconds(2);

  private static final ObjectMapper JSON = new ObjectMapper();

  final InMemoryExecutions executions = new InMemoryExecutions();
  final InMemoryMapRuns mapRuns = new InMemoryMapRuns();
  final InMemoryLists lists = new InMemoryLists();
  final Map<String, ExecutionDescription> described = new ConcurrentHashMap<>();
  private final ExpressChildren expressChildren =
      arn -> CompletableFuture.completedFuture(Optional.ofNullable(described.get(arn)));

  /** A second after executions in memory have started, until a test sets it on. */
  volatile Instant today = Instant.ofEpochMilli(1_700_000_001_123L);

  private final Clock clock = ((InstantSource) () -> today).withZone(ZoneOffset.UTC);
  final InMemoryTasks tasks = new InMemoryTasks();
  final TaskTokens taskTokens = new TaskTokens(List.of("a test's secret".getBytes(UTF_8)));

  /** Completed when the clients have gone. */
  final CompletableFuture<Void> gone = new CompletableFuture<>();

  private final DefinitionsInMemory definitions = new DefinitionsInMemory(new AslCompiler());
  final DefinedResources resources;
  private final ActionRouter router;

  ApiFixture() {
    this(PayloadKeys.NONE);
  }

  /**
   * @param keys that machines may name
   */
  ApiFixture(PayloadKeys keys) {
    Seals seals = new Seals(keys, definitions.node().catalogue());
    resources = definitions.node().resources();
    var executor = Executors.newVirtualThreadPerTaskExecutor();
    PageTokens tokens = new PageTokens("key", Clock.systemUTC());
    List<Action> actions = new ArrayList<>();
    actions.addAll(
        MachineActions.all(
            resources.machines(),
            executions,
            tokens,
            new AslCompiler(),
            name -> ACCOUNT + "stateMachine:" + name,
            seals,
            executor));
    actions.addAll(VersionActions.all(resources, tokens));
    actions.addAll(
        ActivityActions.all(
            resources.activities(), tokens, name -> ACCOUNT + "activity:" + name, seals));
    actions.addAll(TagActions.all(resources.tags()));
    ExecutedTasks tested =
        new ExecutedTasks(
            resources.machines(),
            executions,
            name -> ACCOUNT + "stateMachine:" + name,
            Clock.systemUTC());
    StateTester tester = AWS.stateTester(tested);
    actions.addAll(CheckActions.all(tester, Clock.systemUTC(), executor));
    actions.addAll(
        ExecutionActions.all(
            executions,
            mapRuns,
            lists,
            expressChildren,
            resources.machines(),
            tokens,
            seals,
            clock));
    actions.addAll(
        TaskActions.all(tasks, taskTokens, tasks, resources.activities(), Duration.ofMillis(300)));
    this.router =
        new ActionRouter(
            actions,
            Constraints.load(),
            new ActionAccess(
                Permissions.open(),
                new ActionDemands(AWS, taskTokens),
                new KeyDemands(seals, taskTokens),
                AuditTrail.none()),
            new Forwarder(executor, Optional.empty()),
            executor,
            LONGEST_MOVE);
  }

  /** What an answer says. */
  record Result(int status, @Nullable Long retryAfterSeconds, JsonNode body) {

    String error() {
      return body.path("__type").asText();
    }

    String message() {
      return body.path("message").asText();
    }

    String text(String name) {
      return body.required(name).textValue();
    }
  }

  /** A request of members in turn: name, value, name, value. A null value is left out. */
  Result call(String action, @Nullable Object... members) {
    ObjectNode request = JSON.createObjectNode();
    for (int i = 0; i < members.length; i += 2) {
      if (members[i + 1] != null) {
        request.set((String) members[i], JSON.valueToTree(members[i + 1]));
      }
    }
    return send("AWSStepFunctions." + action, request.toString());
  }

  Result send(@Nullable String target, String body) {
    return send(new HttpCall(target, null, null, Origin.anyone(false), gone, body.getBytes(UTF_8)));
  }

  Result send(HttpCall call) {
    try {
      HttpAnswer answer = router.route(call).toCompletableFuture().get(20, TimeUnit.SECONDS);
      return new Result(
          answer.status(), answer.retryAfterSeconds().orElse(null), JSON.readTree(answer.body()));
    } catch (IOException e) {
      throw new AssertionError("an answer is not JSON", e);
    } catch (Exception e) {
      throw new AssertionError("no answer", e);
    }
  }

  /** Defines a machine and gives its ARN. */
  String machine(String name, String type) {
    return call(
            "CreateStateMachine", "name", name, "definition", PASS, "roleArn", ROLE, "type", type)
        .text("stateMachineArn");
  }

  /** Starts an execution and gives its ARN. */
  String execution(String machineArn, @Nullable String name, String input) {
    return call("StartExecution", "stateMachineArn", machineArn, "name", name, "input", input)
        .text("executionArn");
  }

  /** As when no execution of any deleted machine runs any more. */
  void forgetDeletions() {
    resources
        .machines()
        .deletions()
        .forEach(deletion -> resources.machines().forget(deletion).toCompletableFuture().join());
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  @Override
  public void close() {
    definitions.close();
  }
}
