package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.coordinator.access.TestPermissions;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.NestedPattern;
import io.stepstream.schemas.ParentTask;
import io.stepstream.schemas.RedriveExecution;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TaskSubmitted;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.LaneTopics;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Task states that start executions, and all that may come between the two. */
final class NestedStartsTest {

  private static final String PASS =
      "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"Result\":{\"b\":2},\"End\":true}}}";
  private static final String FAIL =
      "{\"StartAt\":\"F\",\"States\":{\"F\":{\"Type\":\"Fail\",\"Error\":\"Boom\",\"Cause\":\"why\"}}}";

  private static final String ECHO =
      "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}";

  @TempDir Path directory;
  private LaneFixture lane;
  private final List<ExecutionCompleted> completions = new ArrayList<>();

  @BeforeEach
  void open() {
    lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory.resolve("standard"));
  }

  @AfterEach
  void close() {
    lane.close();
  }

  @Test
  void shouldStartOnlyWhatTheRoleOfItsMachineMay() {
    close();
    lane =
        new LaneFixture(
            LaneFixture.of(Lane.STANDARD),
            directory.resolve("with-permissions"),
            TestPermissions.of(
                "{\"roles\":{\"%s\":[{\"Effect\":\"Allow\",\"Action\":\"states:StartExecution\",\"Resource\":\"*:stateMachine:may\"}]}}"
                    .formatted(LaneFixture.ROLE)));
    String may = lane.machine("may", PASS);
    String mayNot = lane.machine("may-not", PASS);

    assertThat(end(launch(".sync:2", "", may, "")).getStatus())
        .isEqualTo(ExecutionStatus.SUCCEEDED);
    String denied =
        lane.launch(
            lane.machine("other", parent("", "", mayNot, ",\"Name\":\"never\"")), "run", "{}");
    lane.advance(Duration.ofMillis(50));

    assertThat(end(denied).getError()).isEqualTo("StepFunctions.AccessDeniedException");
    assertThat(end(denied).getCause())
        .startsWith(
            "User: "
                + LaneFixture.ROLE
                + " is not authorized to perform: states:StartExecution on resource: "
                + mayNot);
    assertThat(ended(child(mayNot, "never"))).isFalse();
  }

  private static String state(String pattern, String fields, String child, String arguments) {
    return """
    {"Type":"Task","Resource":"arn:aws:states:::states:startExecution%s",%s"End":true,\
    "Parameters":{"StateMachineArn":"%s"%s}}\
    """
        .formatted(pattern, fields, child, arguments);
  }

  private static String parent(String pattern, String fields, String child, String arguments) {
    String caught = fields.contains("Catch") ? ",\"C\":{\"Type\":\"Pass\",\"End\":true}" : "";
    return "{\"StartAt\":\"T\",\"States\":{\"T\":%s%s}}"
        .formatted(state(pattern, fields, child, arguments), caught);
  }

  /** Starts a parent, and lets messages arrive. */
  private String launch(String pattern, String fields, String child, String arguments) {
    String machine = lane.machine("parent", parent(pattern, fields, child, arguments));
    String arn = lane.launch(machine, "run", "{}");
    lane.advance(Duration.ofMillis(50));
    return arn;
  }

  private ExecutionCompleted end(String arn) {
    completions.addAll(lane.completions());
    List<ExecutionCompleted> ends =
        completions.stream().filter(end -> end.getExecutionArn().equals(arn)).toList();
    assertThat(ends).as("ends of %s", arn).hasSize(1);
    return ends.getFirst();
  }

  private boolean ended(String arn) {
    completions.addAll(lane.completions());
    return completions.stream().anyMatch(end -> end.getExecutionArn().equals(arn));
  }

  private String output(String arn) {
    ExecutionCompleted end = end(arn);
    assertThat(end.getStatus()).as(end.getCause()).isEqualTo(ExecutionStatus.SUCCEEDED);
    return text(end.getOutput());
  }

  private static String text(ByteBuffer payload) {
    return new String(Payloads.bytes(payload), UTF_8);
  }

  private String child(String machine, String name) {
    return lane.arn(machine, name);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> json(String text) {
    return Json.decode(text) instanceof Decoded.Tree(Object tree)
        ? (Map<String, Object>) tree
        : Map.of();
  }

  // ------------------------------------------------------------------ what a task is told

  @ParameterizedTest
  @CsvSource({
    ".sync,'\"{\\\"a\\\":1}\"','\"{\\\"b\\\":2}\"'",
    ".sync:2,'{\"a\":1}','{\"b\":2}'",
  })
  void shouldEndWithTheDescriptionOfTheExecution(String pattern, String input, String output) {
    String machine = lane.machine("child", PASS);
    String child = child(machine, "c");

    String parent = launch(pattern, "", machine, ",\"Name\":\"c\",\"Input\":{\"a\":1}");

    ExecutionCompleted end = end(child);
    long started = end.getStartDate().toEpochMilli();
    assertThat(output(parent))
        .isEqualTo(
            """
            {"ExecutionArn":"%s","Input":%s,"InputDetails":{"Included":true},"Name":"c",\
            "Output":%s,"OutputDetails":{"Included":true},"RedriveCount":0,\
            "RedriveStatus":"NOT_REDRIVABLE",\
            "RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven",\
            "StartDate":%d,"StateMachineArn":"%s","Status":"SUCCEEDED","StopDate":%d,\
            "TraceHeader":"Root=1-trace"}\
            """
                .formatted(
                    child, input, output, started, machine, end.getStopDate().toEpochMilli()));
    assertThat(lane.eventTypes(parent))
        .containsExactly(
            "ExecutionStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "TaskStarted",
            "TaskSubmitted",
            "TaskSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded");
    HistoryEvent submitted = lane.events(parent).get(4);
    assertThat(submitted.getDetails().getResourceType()).isEqualTo("states");
    assertThat(submitted.getDetails().getResource()).isEqualTo("startExecution" + pattern);
    assertThat(text(submitted.getDetails().getOutput()))
        .isEqualTo("{\"ExecutionArn\":\"%s\",\"StartDate\":%d}".formatted(child, started));
    lane.assertNothingIsLeft();
  }

  @Test
  void shouldEndWithTheStartWhereNothingIsWaitedFor() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));

    String parent = launch("", "", machine, ",\"Name\":\"c\"");

    assertThat(output(parent))
        .startsWith("{\"ExecutionArn\":\"" + child(machine, "c") + "\",\"StartDate\":1");
    assertThat(lane.eventTypes(parent)).doesNotContain("TaskSubmitted");
    assertThat(ended(child(machine, "c"))).isFalse();
  }

  @Test
  void shouldEndByTheTokenThatTheExecutionWasGiven() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    String parent =
        launch(
            ".waitForTaskToken",
            "",
            machine,
            ",\"Name\":\"c\",\"Input\":{\"t.$\":\"$$.Task.Token\"}");
    TaskOrder order = lane.task();
    var token = lane.tokens.verify((String) json(text(order.getInput())).get("t"));

    lane.succeeds(order, "1");
    lane.advance(Duration.ofMillis(50));
    assertThat(ended(parent)).as("the end of the execution ends nothing").isFalse();
    lane.send(
        new Envelope(
            token.executionArn(),
            1,
            token.frameId(),
            token.epoch(),
            0L,
            null,
            new TaskSucceeded(Payloads.of("2".getBytes(UTF_8)))));

    assertThat(output(parent)).isEqualTo("2");
    assertThat(lane.eventTypes(parent)).containsOnlyOnce("TaskSubmitted");
  }

  @ParameterizedTest
  @ValueSource(strings = {".sync", ".sync:2"})
  void shouldFailWithTheDescriptionOfAnExecutionThatFailed(String pattern) {
    String machine = lane.machine("child", FAIL);

    String parent = launch(pattern, "", machine, ",\"Name\":\"c\",\"Input\":{\"a\":1}");

    ExecutionCompleted end = end(parent);
    assertThat(end.getError()).isEqualTo("States.TaskFailed");
    ExecutionCompleted child = end(child(machine, "c"));
    assertThat(end.getCause())
        .isEqualTo(
            """
            {"Cause":"why","Error":"Boom","ExecutionArn":"%s","Input":"{\\"a\\":1}",\
            "InputDetails":{"Included":true},"Name":"c","RedriveCount":0,\
            "RedriveStatus":"REDRIVABLE","StartDate":%d,"StateMachineArn":"%s",\
            "Status":"FAILED","StopDate":%d,"TraceHeader":"Root=1-trace"}\
            """
                .formatted(
                    child.getExecutionArn(),
                    child.getStartDate().toEpochMilli(),
                    machine,
                    child.getStopDate().toEpochMilli()));
  }

  @Test
  void shouldLetAFailureBeCaught() {
    String machine = lane.machine("child", FAIL);

    String parent =
        launch(
            ".sync",
            "\"Catch\":[{\"ErrorEquals\":[\"Boom\"],\"Next\":\"C\",\"ResultPath\":\"$.boom\"},{\"ErrorEquals\":[\"States.TaskFailed\"],\"Next\":\"C\"}],",
            machine,
            "");

    assertThat(json(output(parent)).get("Error")).isEqualTo("States.TaskFailed");
  }

  @Test
  void shouldRefuseAResultThatIsTooLarge() {
    String machine = lane.machine("child", ECHO);
    lane.machine("parent", parent(".sync", "", machine, ",\"Input.$\":\"$\""));

    String parent = lane.launch(LaneFixture.machineArn("parent"), "run", text(150_000));
    lane.advance(Duration.ofMillis(50));

    ExecutionCompleted end = end(parent);
    assertThat(end.getError()).isEqualTo("States.DataLimitExceeded");
    assertThat(end.getCause())
        .isEqualTo(
            "The state/task 'states' returned a result with a size exceeding the maximum number of"
                + " bytes service limit.");
  }

  @Test
  void shouldLeaveOutOfACauseWhatIsTooLongForIt() {
    String machine = lane.machine("child", FAIL);
    lane.machine("parent", parent(".sync", "", machine, ",\"Input.$\":\"$\""));

    String parent = lane.launch(LaneFixture.machineArn("parent"), "run", text(40_000));
    lane.advance(Duration.ofMillis(50));

    assertThat(json(end(parent).getCause()))
        .containsEntry("Cause", "why")
        .containsEntry("InputDetails", Map.of("Included", false))
        .doesNotContainKey("Input");
  }

  /** JSON text of a text of that length, in an object. */
  private static String text(int length) {
    return "{\"a\":\"" + "x".repeat(length) + "\"}";
  }

  // ------------------------------------------------------------------ names

  @Test
  void shouldNameWhatHasNoNameByTheAttempt() {
    String machine = lane.machine("child", PASS);

    String first = launch("", "", machine, "");
    String second = lane.launch(LaneFixture.machineArn("parent"), "other", "{}");
    lane.advance(Duration.ofMillis(50));

    Object one = json(output(first)).get("ExecutionArn");
    Object other = json(output(second)).get("ExecutionArn");
    assertThat(one).isNotEqualTo(other);
    assertThat((String) one)
        .matches(child(machine, "") + "[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-.*");
  }

  @Test
  void shouldFailWhereTheNameIsTaken() {
    String machine = lane.machine("child", PASS);
    String taken = lane.launch(machine, "c", "{}");

    String parent = launch(".sync", "", machine, ",\"Name\":\"c\"");

    ExecutionCompleted end = end(parent);
    assertThat(end.getError()).isEqualTo("StepFunctions.ExecutionAlreadyExistsException");
    assertThat(end.getCause())
        .startsWith(
            "Execution Already Exists: '%s' (Service: AWSStepFunctions; Status Code: 400; Error Code: ExecutionAlreadyExists; Request ID: "
                .formatted(taken));
    assertThat(end(taken).getStatus()).isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void shouldWaitForWhatRunsUnderTheNameWithTheSameInput() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    lane.launch(machine, "c", "{}");
    String first = launch(".sync:2", "", machine, ",\"Name\":\"c\"");
    String second = lane.launch(LaneFixture.machineArn("parent"), "other", "{}");
    lane.advance(Duration.ofMillis(50));

    lane.succeeds(lane.task(), "7");
    lane.advance(Duration.ofMillis(50));

    assertThat(json(output(first)).get("Output")).isEqualTo(7);
    assertThat(json(output(second)).get("Output")).isEqualTo(7);
  }

  @Test
  void shouldFailWhereAnotherInputRunsUnderTheName() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    lane.launch(machine, "c", "{\"x\":1}");

    String parent = launch("", "", machine, ",\"Name\":\"c\"");

    assertThat(end(parent).getError()).isEqualTo("StepFunctions.ExecutionAlreadyExistsException");
  }

  @Test
  void shouldBoundHowManyTasksWaitForOneExecution() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    lane.machine("parent", parent(".sync", "", machine, ",\"Name\":\"c\""));
    for (int i = 0; i < 17; i++) {
      lane.launch(LaneFixture.machineArn("parent"), "run-" + i, "{}");
    }
    advanceUntil(
        () -> {
          completions.addAll(lane.completions());
          return !completions.isEmpty();
        });

    assertThat(completions)
        .extracting(ExecutionCompleted::getError)
        .containsExactly("StepFunctions.ExecutionAlreadyExistsException");
  }

  /** A tick does as much as its time is enough for, which on a busy machine may be little. */
  private void advanceUntil(BooleanSupplier done) {
    for (int tick = 0; tick < 100 && !done.getAsBoolean(); tick++) {
      lane.advance(Duration.ofMillis(10));
    }
  }

  // ------------------------------------------------------------------ what cannot be started

  @ParameterizedTest
  @CsvSource({
    "arn:aws:states:us-east-1:111111111111:stateMachine:none,'',StateMachineDoesNotExist,State"
        + " Machine Does Not Exist",
    "none,'',InvalidArn,Invalid Arn: 'Invalid ARN prefix: none'",
    "arn:aws:states:us-east-1:111111111111:activity:a,'',InvalidArn,Invalid Arn: 'Resource type",
    "arn:aws:states:us-east-1:stateMachine,'',InvalidArn,Invalid Arn: 'Invalid ARN",
    "CHILD,',\"Name\":\"a b\"',InvalidName,Invalid Name: 'a b'",
    "CHILD,',\"Input\":\"no json\"',InvalidExecutionInput,Invalid State Machine Execution Input",
  })
  void shouldFailWithTheErrorOfTheRequest(
      String machine, String arguments, String code, String message) {
    String child = lane.machine("child", PASS);

    String parent = launch(".sync:2", "", machine.replace("CHILD", child), arguments);

    ExecutionCompleted end = end(parent);
    assertThat(end.getError()).isEqualTo("StepFunctions." + code + "Exception");
    assertThat(end.getCause()).startsWith(message).contains("Error Code: " + code);
    assertThat(lane.eventTypes(parent))
        .endsWith("TaskScheduled", "TaskStarted", "TaskFailed", "ExecutionFailed");
    assertThat(completions).hasSize(1);
    lane.assertNothingIsLeft();
  }

  @Test
  void shouldStartAMachineThatAnotherNodeHasCreatedAMomentAgo() {
    lane.definitions.onCatchUp = () -> lane.machine("child", PASS);

    String parent = launch("", "", LaneFixture.machineArn("child"), "");

    output(parent);
  }

  @Test
  void shouldNotSayOfAMachineThatItIsNotThereWhenNobodyKnows() {
    lane.definitions.caughtUp = false;

    String parent = launch("", "", LaneFixture.machineArn("child"), "");

    ExecutionCompleted end = end(parent);
    assertThat(end.getError()).isEqualTo("StepFunctions.AWSStepFunctionsException");
    assertThat(end.getCause()).contains("Status Code: 503");
  }

  @Test
  void shouldFailWhenTheRevisionIsGoneBeforeTheExecutionBegins() {
    String machine = lane.machine("child", PASS);
    lane.definitions.forget(machine);

    String parent = launch(".sync", "", machine, "");

    ExecutionCompleted end = end(parent);
    assertThat(end.getError()).isEqualTo("States.TaskFailed");
    assertThat(end.getCause()).contains("there is no valid revision");
    assertThat(lane.deadLetters()).hasSize(1);
  }

  @Test
  void shouldNotWaitForAnExpressExecution() {
    String machine = lane.machine("child", PASS, Lane.EXPRESS);

    String parent = launch(".sync", "", machine, "");

    assertThat(end(parent).getError())
        .isEqualTo("StepFunctions.StateMachineTypeNotSupportedException");
  }

  @Test
  void shouldPutALaunchOfNobodyAside() {
    String machine = lane.machine("child", PASS);
    LaunchExecution launch = lane.launchOf(machine, "c", "{}");
    launch.setParent(new ParentTask("nobody", 1L, 1, NestedPattern.SYNC, 1));

    lane.send(new Envelope(child(machine, "c"), 1, 0L, 0, 0L, null, launch));

    assertThat(lane.deadLetters()).hasSize(1);
    assertThat(lane.completions()).isEmpty();
  }

  // ------------------------------------------------------------------ versions, lanes, repetitions

  @Test
  void shouldTellTheVersionAndTheAliasThatWereNamed() {
    String machine = lane.machine("child", PASS);
    String alias = lane.alias(machine, "live", 3);

    String parent = launch(".sync", "", alias, ",\"Name\":\"c\"");

    assertThat(json(output(parent)))
        .containsEntry("StateMachineArn", machine)
        .containsEntry("StateMachineAliasArn", alias)
        .containsEntry("StateMachineVersionArn", machine + ":3");
  }

  @Test
  void shouldStartAnExpressExecutionAndHearOfItOnce() {
    String machine = lane.machine("child", PASS, Lane.EXPRESS);
    String parent = launch("", "", machine, ",\"Name\":\"c\"");
    Envelope launch = told(Lane.EXPRESS, lane).getFirst();
    assertThat(launch.getExecutionArn())
        .startsWith("arn:aws:states:us-east-1:111111111111:express:child:c:");
    List<Envelope> answers;
    try (LaneFixture express = express()) {
      express.machine("child", PASS);

      // at least once: the launch may come again
      deliver(launch, express);
      deliver(launch, express);

      answers = told(Lane.STANDARD, express);
    }
    assertThat(answers).hasSize(2);
    answers.forEach(answer -> deliver(answer, lane));

    assertThat(output(parent)).contains(launch.getExecutionArn());
    assertThat(lane.eventTypes(parent)).containsOnlyOnce("TaskSucceeded");
  }

  @Test
  void shouldAnswerAnExpressExecutionThatStartsItsChildAgain() {
    String machine = lane.machine("child", PASS);
    Envelope launch;
    String parent;
    try (LaneFixture express = express()) {
      express.machine("child", PASS, Lane.STANDARD);
      String named = express.machine("parent", parent("", "", machine, ",\"Name\":\"c\""));
      parent = express.launch(named, "run", "{}");
      launch = told(Lane.STANDARD, express).getFirst();

      deliver(launch, lane);
      deliver(launch, lane);

      List<Envelope> answers = told(Lane.EXPRESS, lane);
      assertThat(answers).hasSize(2).allMatch(a -> a.getBody() instanceof TaskSucceeded);
      answers.forEach(answer -> deliver(answer, express));
      assertThat(express.endings()).containsExactly(ExecutionStatus.SUCCEEDED);
    }
    assertThat(launch.getBody()).isInstanceOf(LaunchExecution.class);
    assertThat(lane.endings()).as("of the child, once").containsExactly(ExecutionStatus.SUCCEEDED);
    assertThat(parent).contains(":express:");
  }

  @Test
  void shouldBeginAnExecutionOnceThatALaunchOfASyncTaskRepeats() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    String parent = launch(".sync", "", machine, ",\"Name\":\"c\"");
    LaunchExecution again = lane.launchOf(machine, "c", "{}");
    again.setParent(new ParentTask(parent, 1L, 1, NestedPattern.SYNC, 1));

    lane.send(new Envelope(child(machine, "c"), 1, 0L, 0, 0L, null, again));
    lane.advance(Duration.ofMillis(50));
    lane.succeeds(lane.task(), "1");
    lane.advance(Duration.ofMillis(50));

    output(parent);
    assertThat(lane.eventTypes(parent)).containsOnlyOnce("TaskSubmitted", "TaskSucceeded");
  }

  @Test
  void shouldTakeAnAnswerThatOvertakesTheStart() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    lane.definitions.forget(machine);
    lane.definitions.position = 5; // the definition is still to come
    String parent = launch(".sync", "", machine, ",\"Name\":\"c\"");

    lane.send(answer(parent, new TaskSucceeded(Payloads.of("{}".getBytes(UTF_8)))));
    lane.machine("child", LaneFixture.oneTask(""));
    lane.advance(Duration.ofSeconds(2));

    assertThat(output(parent)).isEqualTo("{}");
    assertThat(lane.eventTypes(parent)).doesNotContain("TaskSubmitted");
    assertStopped(child(machine, "c"), parent);
  }

  @Test
  void shouldHearOnceThatTheExecutionHasStarted() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    String parent = launch(".sync", "", machine, ",\"Name\":\"c\"");
    TaskSubmitted again = new TaskSubmitted(Payloads.of("{}".getBytes(UTF_8)), child(machine, "c"));

    lane.send(answer(parent, again));
    lane.advance(Duration.ofMillis(50));
    lane.succeeds(lane.task(), "1");
    lane.advance(Duration.ofMillis(50));

    output(parent);
    assertThat(lane.eventTypes(parent)).containsOnlyOnce("TaskSubmitted");
  }

  private static Envelope answer(String parent, Object body) {
    return new Envelope(parent, 1, 1L, 1, 0L, null, body);
  }

  private LaneFixture express() {
    return new LaneFixture(LaneFixture.of(Lane.EXPRESS), directory.resolve("express"));
  }

  private static List<Envelope> told(Lane to, LaneFixture by) {
    return by.records(LaneTopics.of(to).peer()).stream()
        .map(record -> LaneFixture.decoded(by.codecs.otherPeer(), record.value()))
        .toList();
  }

  private static void deliver(Envelope envelope, LaneFixture to) {
    to.send(envelope);
    to.advance(Duration.ofMillis(50));
  }

  // ------------------------------------------------------------------ ends that come too early

  private static final String STOPPED =
      "The Task state in AWS Step Functions execution [%s] which was managing this resource was"
          + " aborted";

  private void assertStopped(String child, String parent) {
    ExecutionCompleted end = end(child);
    assertThat(end.getStatus()).isEqualTo(ExecutionStatus.ABORTED);
    assertThat(end.getError()).isNull();
    assertThat(end.getCause()).isEqualTo(STOPPED.formatted(parent));
  }

  private void stop(String arn) {
    StopExecution stop = new StopExecution("Error", "cause", lane.now());
    lane.send(new Envelope(arn, 1, 0L, 0, 0L, null, stop));
    lane.advance(Duration.ofMillis(50));
  }

  @Test
  void shouldStopTheExecutionWithItsParent() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    String parent = launch(".sync", "", machine, ",\"Name\":\"c\"");

    stop(parent);

    assertThat(end(parent).getStatus()).isEqualTo(ExecutionStatus.ABORTED);
    assertStopped(child(machine, "c"), parent);
    lane.assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".waitForTaskToken"})
  void shouldLeaveAnExecutionAloneThatNobodyWaitsFor(String pattern) {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    String parent = launch(pattern, "\"TimeoutSeconds\":60,", machine, ",\"Name\":\"c\"");

    if (!pattern.isEmpty()) {
      stop(parent);
    }
    lane.advance(Duration.ofSeconds(61));

    assertThat(ended(parent)).isTrue();
    assertThat(ended(child(machine, "c"))).isFalse();
  }

  @Test
  void shouldStopTheExecutionOfATaskThatTimesOut() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    String parent =
        launch(
            ".sync:2",
            "\"TimeoutSeconds\":60,\"Catch\":[{\"ErrorEquals\":[\"States.Timeout\"],\"Next\":\"C\"}],",
            machine,
            ",\"Name\":\"c\"");

    lane.advance(Duration.ofSeconds(61));

    output(parent);
    assertStopped(child(machine, "c"), parent);
  }

  @Test
  void shouldStopAnExecutionThatBeginsWhenItsParentIsOver() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    lane.definitions.forget(machine);
    lane.definitions.position = 5; // the definition is still to come
    String parent = launch(".sync", "", machine, ",\"Name\":\"c\"");
    stop(parent);
    assertThat(ended(child(machine, "c"))).isFalse();

    lane.machine("child", LaneFixture.oneTask(""));
    lane.advance(Duration.ofSeconds(2));

    assertStopped(child(machine, "c"), parent);
    assertThat(lane.eventTypes(parent)).doesNotContain("TaskSubmitted");
  }

  @Test
  void shouldTellOfAnExecutionThatIsStoppedByItself() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    String parent = launch(".sync", "", machine, ",\"Name\":\"c\"");

    stop(child(machine, "c"));

    assertThat(json(end(parent).getCause()))
        .containsEntry("Status", "ABORTED")
        .containsEntry("Error", "Error")
        .containsEntry("Cause", "cause");
  }

  // ------------------------------------------------------------------ in other states

  @Test
  void shouldStartExecutionsInIterationsAndBranches() {
    String machine = lane.machine("child", PASS);
    String flow = "{\"StartAt\":\"%1$s\",\"States\":{\"%1$s\":%2$s}}";
    String task = state(".sync:2", "", machine, "");
    String parent =
        lane.machine(
            "parent",
            """
            {"StartAt":"M","States":{
             "M":{"Type":"Map","ItemProcessor":%s,"ResultSelector":{"o.$":"$[*].Output"},"Next":"P"},
             "P":{"Type":"Parallel","Branches":[%s,%s],"End":true,"ResultSelector":{"o.$":"$[*].Output"}}}}
            """
                .formatted(
                    flow.formatted("A", task),
                    flow.formatted("B", task),
                    flow.formatted("C", task)));

    String arn = lane.launch(parent, "run", "[1,2,3]");
    advanceUntil(() -> ended(arn));

    assertThat(output(arn)).isEqualTo("{\"o\":[{\"b\":2},{\"b\":2}]}");
    assertThat(completions).hasSize(6);
    lane.assertNothingIsLeft();
  }

  @Test
  void shouldStartAnotherExecutionWhenTheParentIsRedriven() {
    String machine = lane.machine("child", LaneFixture.oneTask(""));
    String parent = launch(".sync", "", machine, "");
    lane.fails(lane.task(), "Boom", null);
    lane.advance(Duration.ofMillis(50));
    assertThat(end(parent).getStatus()).isEqualTo(ExecutionStatus.FAILED);
    completions.clear();

    lane.send(new Envelope(parent, 1, 0L, 0, 0L, null, new RedriveExecution(null, Instant.now())));
    lane.advance(Duration.ofMillis(50));
    lane.succeeds(lane.task(), "1");
    lane.advance(Duration.ofMillis(50));

    output(parent);
  }
}
