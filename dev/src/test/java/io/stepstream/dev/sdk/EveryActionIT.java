package io.stepstream.dev.sdk;

import static io.stepstream.dev.sdk.Sdk.ROLE;
import static io.stepstream.dev.sdk.Sdk.STATES;
import static io.stepstream.dev.sdk.Sdk.awaitEnd;
import static io.stepstream.dev.sdk.Sdk.awaitHistory;
import static io.stepstream.dev.sdk.Sdk.create;
import static io.stepstream.dev.sdk.Sdk.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.stepstream.dev.testkit.StepstreamProcess;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ActivityDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ActivityListItem;
import software.amazon.awssdk.services.sfn.model.ConflictException;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.DescribeMapRunResponse;
import software.amazon.awssdk.services.sfn.model.DescribeStateMachineResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionListItem;
import software.amazon.awssdk.services.sfn.model.ExecutionNotRedrivableException;
import software.amazon.awssdk.services.sfn.model.ExecutionRedriveStatus;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.GetActivityTaskResponse;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.InvalidArnException;
import software.amazon.awssdk.services.sfn.model.InvalidDefinitionException;
import software.amazon.awssdk.services.sfn.model.InvalidExecutionInputException;
import software.amazon.awssdk.services.sfn.model.InvalidNameException;
import software.amazon.awssdk.services.sfn.model.InvalidOutputException;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.MapRunListItem;
import software.amazon.awssdk.services.sfn.model.MapRunStatus;
import software.amazon.awssdk.services.sfn.model.MissingRequiredParameterException;
import software.amazon.awssdk.services.sfn.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sfn.model.RoutingConfigurationListItem;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.StartExecutionResponse;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionResponse;
import software.amazon.awssdk.services.sfn.model.StateMachineAliasListItem;
import software.amazon.awssdk.services.sfn.model.StateMachineAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.StateMachineListItem;
import software.amazon.awssdk.services.sfn.model.StateMachineStatus;
import software.amazon.awssdk.services.sfn.model.StateMachineType;
import software.amazon.awssdk.services.sfn.model.StateMachineTypeNotSupportedException;
import software.amazon.awssdk.services.sfn.model.StateMachineVersionListItem;
import software.amazon.awssdk.services.sfn.model.StopExecutionResponse;
import software.amazon.awssdk.services.sfn.model.SyncExecutionStatus;
import software.amazon.awssdk.services.sfn.model.Tag;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;
import software.amazon.awssdk.services.sfn.model.TestExecutionStatus;
import software.amazon.awssdk.services.sfn.model.TestStateResponse;
import software.amazon.awssdk.services.sfn.model.TooManyTagsException;
import software.amazon.awssdk.services.sfn.model.UpdateStateMachineResponse;
import software.amazon.awssdk.services.sfn.model.ValidateStateMachineDefinitionDiagnostic;
import software.amazon.awssdk.services.sfn.model.ValidateStateMachineDefinitionResponse;
import software.amazon.awssdk.services.sfn.model.ValidateStateMachineDefinitionResultCode;
import software.amazon.awssdk.services.sfn.model.ValidateStateMachineDefinitionSeverity;
import software.amazon.awssdk.services.sfn.model.ValidationException;

/** AWS's SDK for Java calls every action there is, on a real broker. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class EveryActionIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String PASS =
      """
      {"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"n":%d},"End":true}}}\
      """;
  private static final String WAIT =
      """
      {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}\
      """;
  private static final String FAIL =
      """
      {"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Broken","Cause":"on purpose"}}}\
      """;

  /** Actions that have been called and answered. */
  private static final Set<String> ANSWERED = new ConcurrentSkipListSet<>();

  @TempDir static Path directory;
  private static StepstreamProcess dev;
  private static SfnClient sfn;

  @BeforeAll
  static void startStack() throws Exception {
    dev =
        StepstreamProcess.dev(
            directory, directory.resolve("data"), Map.of("STEPSTREAM_API_ACTIVITY_WAIT", "1s"));
    sfn =
        Sdk.client(
            dev.endpoint(),
            c ->
                c.putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true)
                    .addExecutionInterceptor(
                        new ExecutionInterceptor() {
                          @Override
                          public void afterExecution(
                              Context.AfterExecution context, ExecutionAttributes attributes) {
                            ANSWERED.add(
                                attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
                          }
                        }));
  }

  @AfterAll
  static void stopStack() {
    sfn.close();
    dev.close();
  }

  @Test
  void shouldDefineDescribeUpdateAndDeleteMachines() {
    List<String> arns =
        IntStream.range(0, 5).mapToObj(i -> create(sfn, "paged-" + i, PASS.formatted(i))).toList();
    String arn = arns.getFirst();

    assertThat(create(sfn, "paged-0", PASS.formatted(0))).isEqualTo(arn);
    assertThat(
            sfn.listStateMachinesPaginator(r -> r.maxResults(2)).stateMachines().stream()
                .map(StateMachineListItem::stateMachineArn))
        .containsAll(arns)
        .doesNotHaveDuplicates();
    UpdateStateMachineResponse updated =
        sfn.updateStateMachine(r -> r.stateMachineArn(arn).definition(PASS.formatted(9)));
    DescribeStateMachineResponse described = sfn.describeStateMachine(r -> r.stateMachineArn(arn));
    assertThat(described.definition()).isEqualTo(PASS.formatted(9));
    assertThat(described.revisionId()).isEqualTo(updated.revisionId());
    assertThat(described.status()).isEqualTo(StateMachineStatus.ACTIVE);
    sfn.deleteStateMachine(r -> r.stateMachineArn(arn));
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                refused(
                    StateMachineDoesNotExistException.class,
                    () -> sfn.describeStateMachine(r -> r.stateMachineArn(arn))));

    refused(
        StateMachineAlreadyExistsException.class, () -> create(sfn, "paged-1", PASS.formatted(2)));
    refused(InvalidDefinitionException.class, () -> create(sfn, "invalid", "{}"));
    refused(InvalidNameException.class, () -> create(sfn, "in valid", PASS.formatted(1)));
    refused(
        InvalidArnException.class, () -> sfn.describeStateMachine(r -> r.stateMachineArn("none")));
    refused(
        MissingRequiredParameterException.class,
        () -> sfn.updateStateMachine(r -> r.stateMachineArn(arns.get(1))));
    refused(InvalidTokenException.class, () -> sfn.listStateMachines(r -> r.nextToken("made-up")));
  }

  @Test
  void shouldValidateADefinition() {
    ValidateStateMachineDefinitionResponse ok =
        sfn.validateStateMachineDefinition(r -> r.definition(PASS.formatted(1)));
    ValidateStateMachineDefinitionResponse fails =
        sfn.validateStateMachineDefinition(r -> r.definition("{\"StartAt\":\"A\"}"));

    assertThat(ok.result()).isEqualTo(ValidateStateMachineDefinitionResultCode.OK);
    assertThat(fails.result()).isEqualTo(ValidateStateMachineDefinitionResultCode.FAIL);
    assertThat(fails.diagnostics())
        .extracting(ValidateStateMachineDefinitionDiagnostic::severity)
        .contains(ValidateStateMachineDefinitionSeverity.ERROR);
  }

  @Test
  void shouldRunListAndTellExecutions() {
    String machine = create(sfn, "executions", PASS.formatted(1));
    List<String> arns = IntStream.range(0, 7).mapToObj(i -> start(sfn, machine, "{}")).toList();

    arns.forEach(
        arn -> assertThat(awaitEnd(sfn, arn).status()).isEqualTo(ExecutionStatus.SUCCEEDED));
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        sfn
                            .listExecutionsPaginator(
                                r ->
                                    r.stateMachineArn(machine)
                                        .statusFilter(ExecutionStatus.SUCCEEDED)
                                        .maxResults(3))
                            .executions()
                            .stream()
                            .map(ExecutionListItem::executionArn))
                    .containsExactlyInAnyOrderElementsOf(arns));
    List<HistoryEvent> history = awaitHistory(sfn, arns.getFirst());
    assertThat(
            sfn
                .getExecutionHistoryPaginator(
                    r -> r.executionArn(arns.getFirst()).maxResults(1).reverseOrder(true))
                .events()
                .stream()
                .map(HistoryEvent::id)
                .toList())
        .hasSize(4)
        .containsExactlyElementsOf(history.reversed().stream().map(HistoryEvent::id).toList());
    assertThat(
            sfn.describeStateMachineForExecution(r -> r.executionArn(arns.getFirst())).definition())
        .isEqualTo(PASS.formatted(1));

    String none = STATES + "execution:executions:none";
    refused(ExecutionDoesNotExistException.class, () -> awaitEnd(sfn, none));
    refused(
        ExecutionDoesNotExistException.class,
        () -> sfn.getExecutionHistory(r -> r.executionArn(none)));
    refused(
        StateMachineDoesNotExistException.class,
        () -> start(sfn, STATES + "stateMachine:none", "{}"));
    refused(InvalidExecutionInputException.class, () -> start(sfn, machine, "{"));
    refused(
        InvalidNameException.class,
        () -> sfn.startExecution(r -> r.stateMachineArn(machine).name("in valid")));
  }

  @Test
  void shouldStopAndRedriveAnExecution() {
    String machine = create(sfn, "waits", WAIT);
    StartExecutionResponse started =
        sfn.startExecution(r -> r.stateMachineArn(machine).name("once").input("{}"));

    assertThat(sfn.startExecution(r -> r.stateMachineArn(machine).name("once").input("{}")))
        .extracting(StartExecutionResponse::executionArn, StartExecutionResponse::startDate)
        .containsExactly(started.executionArn(), started.startDate());
    refused(
        ExecutionAlreadyExistsException.class,
        () -> sfn.startExecution(r -> r.stateMachineArn(machine).name("once").input("{\"n\":1}")));
    refused(
        ExecutionNotRedrivableException.class,
        () -> sfn.redriveExecution(r -> r.executionArn(started.executionArn())));
    StopExecutionResponse stopped =
        sfn.stopExecution(
            r -> r.executionArn(started.executionArn()).error("Enough").cause("of waiting"));
    DescribeExecutionResponse ended = awaitEnd(sfn, started.executionArn());
    assertThat(ended.status()).isEqualTo(ExecutionStatus.ABORTED);
    assertThat(ended.error()).isEqualTo("Enough");
    assertThat(ended.cause()).isEqualTo("of waiting");
    assertThat(ended.stopDate()).isEqualTo(stopped.stopDate());

    String failed = start(sfn, create(sfn, "fails", FAIL), "{}");
    assertThat(awaitEnd(sfn, failed).redriveStatus()).isEqualTo(ExecutionRedriveStatus.REDRIVABLE);
    sfn.redriveExecution(r -> r.executionArn(failed));
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(awaitEnd(sfn, failed))
                    .extracting(
                        DescribeExecutionResponse::redriveCount, DescribeExecutionResponse::status)
                    .containsExactly(1, ExecutionStatus.FAILED));
  }

  @Test
  void shouldAnswerWithAndWithoutThePrefixOfTheHost() {
    URI named = URI.create("http://stepstream.test:" + dev.endpoint().getPort());
    try (SfnClient prefixing = Sdk.client(named, _ -> {})) {
      String machine =
          sfn.createStateMachine(
                  r ->
                      r.name("express")
                          .roleArn(ROLE)
                          .type(StateMachineType.EXPRESS)
                          .definition(PASS.formatted(3)))
              .stateMachineArn();
      for (SfnClient client : List.of(sfn, prefixing)) {
        StartSyncExecutionResponse run =
            client.startSyncExecution(r -> r.stateMachineArn(machine).input("{}"));
        assertThat(run.status()).isEqualTo(SyncExecutionStatus.SUCCEEDED);
        assertThat(run.output()).isEqualTo("{\"n\":3}");
        TestStateResponse tested =
            client.testState(
                r ->
                    r.roleArn(ROLE)
                        .definition("{\"Type\":\"Pass\",\"Next\":\"Other\"}")
                        .input("{\"n\":4}"));
        assertThat(tested.status()).isEqualTo(TestExecutionStatus.SUCCEEDED);
        assertThat(tested.output()).isEqualTo("{\"n\":4}");
        assertThat(tested.nextState()).isEqualTo("Other");
      }
      refused(
          StateMachineTypeNotSupportedException.class,
          () ->
              prefixing.startSyncExecution(
                  r -> r.stateMachineArn(create(sfn, "standard", PASS.formatted(1)))));
    }
  }

  @Test
  void shouldWorkForActivities() {
    List<String> arns =
        IntStream.range(0, 5)
            .mapToObj(i -> sfn.createActivity(r -> r.name("activity-" + i)).activityArn())
            .toList();
    String arn = arns.getFirst();

    assertThat(sfn.describeActivity(r -> r.activityArn(arn)).name()).isEqualTo("activity-0");
    assertThat(
            sfn.listActivitiesPaginator(r -> r.maxResults(2)).activities().stream()
                .map(ActivityListItem::activityArn))
        .containsExactlyInAnyOrderElementsOf(arns);
    String machine =
        create(
            sfn,
            "works",
            """
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%s","End":true}}}\
            """
                .formatted(arn));

    String succeeds = start(sfn, machine, "{\"n\":1}");
    GetActivityTaskResponse first = poll(arn);
    assertThat(first.input()).isEqualTo("{\"n\":1}");
    sfn.sendTaskHeartbeat(r -> r.taskToken(first.taskToken()));
    sfn.sendTaskSuccess(r -> r.taskToken(first.taskToken()).output("{\"n\":2}"));
    assertThat(awaitEnd(sfn, succeeds).output()).isEqualTo("{\"n\":2}");

    String fails = start(sfn, machine, "{}");
    GetActivityTaskResponse second = poll(arn);
    refused(
        InvalidOutputException.class,
        () -> sfn.sendTaskSuccess(r -> r.taskToken(second.taskToken()).output("{")));
    sfn.sendTaskFailure(r -> r.taskToken(second.taskToken()).error("Broken").cause("no paper"));
    assertThat(awaitEnd(sfn, fails).error()).isEqualTo("Broken");

    refused(
        TaskTimedOutException.class,
        () -> sfn.sendTaskHeartbeat(r -> r.taskToken(first.taskToken())));
    refused(InvalidTokenException.class, () -> sfn.sendTaskHeartbeat(r -> r.taskToken("made-up")));
    sfn.deleteActivity(r -> r.activityArn(arns.getLast()));
    refused(
        ActivityDoesNotExistException.class,
        () -> sfn.describeActivity(r -> r.activityArn(arns.getLast())));
  }

  /** As a worker does: again and again until there is a task. */
  private static GetActivityTaskResponse poll(String activity) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> sfn.getActivityTask(r -> r.activityArn(activity)),
            answer -> answer.taskToken() != null);
  }

  @Test
  void shouldTellAndHastenMapRuns() {
    String map =
        """
        {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"MaxConcurrency":1,
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"%1$s","States":{"%1$s":{"Type":"Wait","Seconds":1,"End":true}}}}}}\
        """;
    String machine =
        create(
            sfn,
            "map-runs",
            """
            {"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[%s,%s]}}}\
            """
                .formatted(map.formatted("A"), map.formatted("B").replace("\"M\"", "\"N\"")));
    String arn =
        start(
            sfn,
            machine,
            IntStream.range(0, 20)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(",", "[", "]")));

    List<String> mapRuns =
        Awaitility.await()
            .atMost(PATIENCE)
            .until(
                () ->
                    sfn
                        .listMapRunsPaginator(r -> r.executionArn(arn).maxResults(1))
                        .mapRuns()
                        .stream()
                        .map(MapRunListItem::mapRunArn)
                        .toList(),
                found -> found.size() == 2);
    for (String mapRun : mapRuns) {
      sfn.updateMapRun(r -> r.mapRunArn(mapRun).maxConcurrency(40));
    }

    assertThat(awaitEnd(sfn, arn).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    for (String mapRun : mapRuns) {
      DescribeMapRunResponse described =
          Awaitility.await()
              .atMost(PATIENCE)
              .until(
                  () -> sfn.describeMapRun(r -> r.mapRunArn(mapRun)),
                  found -> found.status() == MapRunStatus.SUCCEEDED);
      assertThat(described.maxConcurrency()).isEqualTo(40);
      assertThat(described.itemCounts().succeeded()).isEqualTo(20);
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          sfn.listExecutionsPaginator(r -> r.mapRunArn(mapRun).maxResults(7))
                              .executions())
                      .hasSize(20));
    }
    refused(
        ResourceNotFoundException.class,
        () -> sfn.describeMapRun(r -> r.mapRunArn(mapRuns.getFirst() + "0")));
    refused(
        ValidationException.class,
        () -> sfn.updateMapRun(r -> r.mapRunArn(mapRuns.getFirst()).maxConcurrency(1)));
  }

  @Test
  void shouldTagAndUntag() {
    String machine = create(sfn, "tagged", PASS.formatted(1));
    sfn.tagResource(r -> r.resourceArn(machine).tags(tag("team", "orders"), tag("stage", "test")));
    sfn.untagResource(r -> r.resourceArn(machine).tagKeys("stage"));

    assertThat(sfn.listTagsForResource(r -> r.resourceArn(machine)).tags())
        .containsExactly(tag("team", "orders"));
    refused(
        ResourceNotFoundException.class,
        () -> sfn.listTagsForResource(r -> r.resourceArn(STATES + "stateMachine:none")));
    refused(
        TooManyTagsException.class,
        () ->
            sfn.tagResource(
                r ->
                    r.resourceArn(machine)
                        .tags(IntStream.range(0, 50).mapToObj(i -> tag("k" + i, "v")).toList())));
  }

  @Test
  void shouldStartByVersionsAndAliases() {
    String machine = create(sfn, "versioned", PASS.formatted(1));
    String one =
        sfn.publishStateMachineVersion(r -> r.stateMachineArn(machine).description("first"))
            .stateMachineVersionArn();
    String two =
        sfn.updateStateMachine(
                r -> r.stateMachineArn(machine).definition(PASS.formatted(2)).publish(true))
            .stateMachineVersionArn();
    assertThat(two).isEqualTo(machine + ":2");
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        sfn.listStateMachineVersions(r -> r.stateMachineArn(machine))
                            .stateMachineVersions())
                    .extracting(StateMachineVersionListItem::stateMachineVersionArn)
                    .containsExactly(two, one));
    String alias =
        sfn.createStateMachineAlias(r -> r.name("live").routingConfiguration(all(one)))
            .stateMachineAliasArn();
    assertThat(awaitEnd(sfn, start(sfn, alias, "{}")))
        .satisfies(
            ended -> {
              assertThat(ended.output()).isEqualTo("{\"n\":1}");
              assertThat(ended.stateMachineVersionArn()).isEqualTo(one);
              assertThat(ended.stateMachineAliasArn()).isEqualTo(alias);
            });

    sfn.updateStateMachineAlias(r -> r.stateMachineAliasArn(alias).routingConfiguration(all(two)));
    assertThat(
            sfn.describeStateMachineAlias(r -> r.stateMachineAliasArn(alias))
                .routingConfiguration())
        .extracting(RoutingConfigurationListItem::stateMachineVersionArn)
        .containsExactly(two);
    assertThat(awaitEnd(sfn, start(sfn, alias, "{}")).output()).isEqualTo("{\"n\":2}");
    assertThat(sfn.listStateMachineAliases(r -> r.stateMachineArn(machine)).stateMachineAliases())
        .extracting(StateMachineAliasListItem::stateMachineAliasArn)
        .containsExactly(alias);
    refused(
        ConflictException.class,
        () -> sfn.deleteStateMachineVersion(r -> r.stateMachineVersionArn(two)));
    sfn.deleteStateMachineVersion(r -> r.stateMachineVersionArn(one));
    sfn.deleteStateMachineAlias(r -> r.stateMachineAliasArn(alias));
    refused(
        ResourceNotFoundException.class,
        () -> sfn.describeStateMachineAlias(r -> r.stateMachineAliasArn(alias)));
  }

  @Test
  void shouldBeAskedAgainAfterATrouble() throws Exception {
    String machine = create(sfn, "retried", WAIT);
    try (FlakyProxy proxy =
            new FlakyProxy(
                dev.endpoint(),
                new FlakyProxy.Fault.Refused(
                    503,
                    Map.of("Retry-After", "1"),
                    "{\"__type\":\"ServiceUnavailable\",\"message\":\"not ready\"}"),
                new FlakyProxy.Fault.Refused(
                    400,
                    Map.of(),
                    "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}"),
                new FlakyProxy.Fault.AnswerLost());
        SfnClient through =
            Sdk.client(proxy.endpoint(), c -> c.retryStrategy(r -> r.maxAttempts(4)))) {
      StartExecutionResponse started =
          through.startExecution(r -> r.stateMachineArn(machine).name("only-one"));

      assertThat(proxy.requests()).isEqualTo(4);
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(sfn.listExecutions(r -> r.stateMachineArn(machine)).executions())
                      .extracting(ExecutionListItem::executionArn, ExecutionListItem::startDate)
                      .containsExactly(tuple(started.executionArn(), started.startDate())));
    }
  }

  /** What the SDK can call is what has been called. */
  @Test
  @Order(Integer.MAX_VALUE)
  void shouldHaveCalledEveryAction() {
    Set<String> actions =
        Arrays.stream(SfnClient.class.getMethods())
            .filter(method -> SdkResponse.class.isAssignableFrom(method.getReturnType()))
            .map(Method::getName)
            .map(name -> Character.toUpperCase(name.charAt(0)) + name.substring(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(actions).hasSizeGreaterThanOrEqualTo(37);
    assertThat(ANSWERED).containsExactlyElementsOf(actions);
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static RoutingConfigurationListItem all(String versionArn) {
    return RoutingConfigurationListItem.builder()
        .stateMachineVersionArn(versionArn)
        .weight(100)
        .build();
  }

  private static void refused(Class<? extends SfnException> as, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            as, refusal -> assertThat(refusal.awsErrorDetails().errorMessage()).isNotBlank());
  }
}
