package io.stepstream.asl.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.Awaits;
import io.stepstream.asl.engine.Decision;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.history.HistoryJson;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Distributed Maps with their shards and child executions, all in memory. */
class DistributedMapTest {

  private static final long START = 1_800_000_000_000L;
  private static final String TASK =
      "{'StartAt':'T','States':{'T':{'Type':'Task','End':true,"
          + "'Resource':'arn:aws:lambda:us-east-1:111111111111:function:f'}}}";
  private static final String PASS = "{'StartAt':'P','States':{'P':{'Type':'Pass','End':true}}}";

  private final SimulatedObjects objects = new SimulatedObjects().bucket("b");
  private final List<Instant> attempts = new ArrayList<>();

  /** A machine of one Map state, named M. */
  private static String map(String processor, String fields) {
    return "{'StartAt':'M','States':{'M':{'Type':'Map','End':true,'Label':'L','ItemProcessor':"
        + processor.replaceFirst(
            "\\{", "{'ProcessorConfig':{'Mode':'DISTRIBUTED','ExecutionType':'STANDARD'},")
        + (fields.isEmpty() ? "" : "," + fields)
        + "}}}";
  }

  private Simulation simulation(String definition, SimulatedTasks tasks) {
    String json = definition.replace('\'', '"');
    return switch (DefinitionReader.read(json, Format.JSON, MachineType.STANDARD)) {
      case DefinitionResult.Parsed parsed ->
          Simulation.of(Machine.of(parsed.machine()), tasks).withObjects(objects);
      case DefinitionResult.Rejected rejected -> throw new AssertionError(rejected.message());
    };
  }

  private static Event.Started start(String input) {
    return new Event.Started(
        "arn:aws:states:us-east-1:111111111111:execution:m:r",
        "r",
        "arn:aws:states:us-east-1:111111111111:stateMachine:m",
        "arn:aws:iam::111111111111:role/r",
        false,
        START,
        input.getBytes(StandardCharsets.UTF_8),
        null);
  }

  private Outcome run(String definition, String input) {
    return simulation(definition, this::echo).run(start(input));
  }

  /** Takes ten seconds; fails for the word "bad" in its input. */
  private List<TaskReport> echo(TaskAttempt attempt) {
    attempts.add(attempt.at());
    return List.of(
        new String(attempt.input(), StandardCharsets.UTF_8).contains("bad")
            ? new TaskReport.Failed(Duration.ofSeconds(10), "Bad", "it is bad")
            : new TaskReport.Succeeded(Duration.ofSeconds(10), attempt.input()));
  }

  private static List<String> types(List<HistoryEvent> history) {
    return history.stream().map(e -> e.type().awsName()).toList();
  }

  private static Object json(byte[] text) {
    return switch (Json.decode(text)) {
      case Decoded.Tree(Object json) -> json;
      case Decoded.Malformed malformed -> throw new AssertionError(malformed.message());
    };
  }

  private static List<Object> list(byte[] text) {
    return List.copyOf((List<?>) json(text));
  }

  private static String output(Outcome outcome) {
    assertThat(outcome.status())
        .as("%s: %s %s", outcome.error(), outcome.cause(), outcome.waitsFor())
        .isEqualTo(Execution.Status.SUCCEEDED);
    return new String(outcome.output(), StandardCharsets.UTF_8);
  }

  private static void assertFailed(Outcome outcome, String error, String cause) {
    assertThat(outcome.status()).isEqualTo(Execution.Status.FAILED);
    assertThat(outcome.error()).isEqualTo(error);
    assertThat(outcome.cause()).isEqualTo(cause);
  }

  private static String numbers(int count) {
    return IntStream.range(0, count)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }

  // ------------------------------------------------------------------ children

  @Test
  void shouldRunEachItemAsAnExecutionOfItsOwn() {
    Outcome outcome = run(map(PASS, ""), "[\"a\",\"b\"]");

    assertThat(output(outcome)).isEqualTo("[\"a\",\"b\"]");
    assertThat(types(outcome.history()))
        .containsExactly(
            "ExecutionStarted",
            "MapStateEntered",
            "MapStateStarted",
            "MapRunStarted",
            "MapRunSucceeded",
            "MapStateSucceeded",
            "MapStateExited",
            "ExecutionSucceeded");
    assertThat(HistoryJson.of(outcome.history().get(3)).toString())
        .contains("arn:aws:states:us-east-1:111111111111:mapRun:m/L:");
    assertThat(outcome.children())
        .hasSize(2)
        .allSatisfy(
            child -> {
              assertThat(child.status()).isEqualTo(Execution.Status.SUCCEEDED);
              assertThat(child.arn())
                  .isEqualTo("arn:aws:states:us-east-1:111111111111:execution:m/L:" + child.name());
              assertThat(types(child.history()))
                  .containsExactly(
                      "ExecutionStarted",
                      "PassStateEntered",
                      "PassStateExited",
                      "ExecutionSucceeded");
            });
    assertThat(outcome.children().getFirst().name())
        .isNotEqualTo(outcome.children().getLast().name());
  }

  @Test
  void shouldSucceedAtOnceWithoutItems() {
    Outcome outcome = run(map(PASS, ""), "[]");

    assertThat(output(outcome)).isEqualTo("[]");
    assertThat(outcome.children()).isEmpty();
  }

  @Test
  void shouldShowChildrenNothingOfTheParent() {
    String definition =
        map(
            "{'StartAt':'P','States':{'P':{'Type':'Pass','End':true,'Parameters':{"
                + "'name.$':'$$.Execution.Name','machine.$':'$$.StateMachine.Name',"
                + "'input.$':'$$.Execution.Input'}}}}",
            "'ItemSelector':{'i.$':'$$.Map.Item.Index','v.$':'$$.Map.Item.Value',"
                + "'s.$':'$$.Map.Item.Source','all.$':'$'}");

    Outcome outcome = run(definition, "[7]");

    Map<?, ?> told = (Map<?, ?>) ((List<?>) json(outcome.output())).getFirst();
    assertThat(told.get("name")).isEqualTo(outcome.children().getFirst().name());
    assertThat(told.get("machine")).isEqualTo("m/L");
    assertThat(Json.encode(told.get("input")))
        .isEqualTo("{\"i\":0,\"v\":7,\"s\":\"STATE_DATA\",\"all\":[7]}");
  }

  @Test
  void shouldRunExpressChildren() {
    String express = map(PASS, "").replace("'STANDARD'", "'EXPRESS'");

    Outcome outcome = run(express, "[1]");

    assertThat(output(outcome)).isEqualTo("[1]");
    assertThat(outcome.children().getFirst().arn()).contains(":express:m/L:");
  }

  @Test
  void shouldNestMapRuns() {
    String inner = map(TASK, "").replace("'L'", "'I'").replace("'M'", "'N'");

    Outcome outcome = run(map(inner, ""), "[[1,2],[3]]");

    assertThat(output(outcome)).isEqualTo("[[1,2],[3]]");
    assertThat(outcome.children()).hasSize(5);
    assertThat(outcome.children().getLast().arn()).contains(":execution:m/I:");
  }

  // ------------------------------------------------------------------ windows and shards

  @Test
  void shouldRunThousandsOfItemsInOrderAndNeverMoreAtATimeThanAsked() {
    int count = 5_000;
    Outcome outcome = run(map(TASK, "'MaxConcurrency':700"), numbers(count));

    assertThat(output(outcome)).isEqualTo(numbers(count));
    assertThat(attempts).hasSize(count);
    TreeMap<Long, Long> perWave = new TreeMap<>();
    attempts.forEach(at -> perWave.merge(at.toEpochMilli() / 1000, 1L, Long::sum));
    // Ten seconds each: whoever starts within ten seconds is under way together.
    assertThat(perWave.values()).allMatch(n -> n <= 700);
    assertThat(perWave.firstEntry().getValue()).isEqualTo(700);
  }

  @Test
  void shouldUseThePermitsThatAShardGivesBack() {
    Outcome outcome = run(map(TASK, "'MaxConcurrency':100"), numbers(1_000));

    output(outcome);
    // Ten waves of a hundred, with a little slack where one shard follows another.
    assertThat(Duration.between(Instant.ofEpochMilli(START), outcome.at()))
        .isBetween(Duration.ofSeconds(100), Duration.ofSeconds(125));
  }

  /**
   * Shards that are smaller than their share leave permits, which some later ones begin without.
   */
  @ParameterizedTest
  @ValueSource(strings = {"", "'MaxConcurrency':1000,"})
  void shouldKeepAllPermitsInUseWhileItemsAreRead(String concurrency) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      lines.append('"').append("x".repeat(600)).append("\"\n");
    }
    objects.put("b", "k", lines.toString().getBytes(StandardCharsets.UTF_8));
    SimulatedTasks tenSeconds =
        _ -> List.of(new TaskReport.Succeeded(Duration.ofSeconds(10), utf8("1")));
    String reads =
        map(
            TASK,
            concurrency
                + "'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','ReaderConfig':"
                + "{'InputType':'JSONL'},'Parameters':{'Bucket':'b','Key':'k'}},'ResultPath':null");

    Outcome outcome = simulation(reads, tenSeconds).run(start("{}"));

    output(outcome);
    // Sixty waves of a thousand, with some slack where one shard follows another.
    assertThat(Duration.between(Instant.ofEpochMilli(START), outcome.at()))
        .isBetween(Duration.ofSeconds(600), Duration.ofSeconds(630));
  }

  @Test
  void shouldRunOneAfterAnother() {
    Outcome outcome = run(map(TASK, "'MaxConcurrency':1"), "[1,2,3]");

    output(outcome);
    assertThat(Duration.between(Instant.ofEpochMilli(START), outcome.at()))
        .isEqualTo(Duration.ofSeconds(30));
  }

  /** Of 250 children or 128 KiB. */
  @ParameterizedTest
  @CsvSource({"250, 500, 250", "250, 540, 250", "250, 660, 199 51", "300, 400, 250 50"})
  void shouldGiveAFewItemsThatAPageHasLeftToTheShardBefore(int items, int bytes, String sizes) {
    SimulatedExecution execution =
        new SimulatedExecution(
            simulation(map(PASS, ""), SimulatedTasks.NOBODY).machine(), "r", Limits.DEFAULT, START);
    String item = '"' + "x".repeat(bytes - 2) + '"';

    execution.send(start('[' + String.join(",", Collections.nCopies(items, item)) + ']'));

    List<String> begun =
        shardsTold(execution).stream()
            .map(shard -> Integer.toString(shard.inputs().size()))
            .toList();
    assertThat(String.join(" ", begun)).isEqualTo(sizes);
  }

  /** Whoever else has the thread waits until a step is over. */
  @Test
  void shouldBeginManyChildrenAFewPerStep() {
    Machine machine = simulation(map(PASS, ""), SimulatedTasks.NOBODY).machine();
    SimulatedExecution execution = new SimulatedExecution(machine, "r", Limits.DEFAULT, START);
    execution.send(start('[' + String.join(",", Collections.nCopies(250, "1")) + ']'));
    Event.ShardStarted told = shardsTold(execution).getFirst();
    assertThat(told.inputs()).hasSize(250);
    assertThat(told.window()).isEqualTo(250);

    SimulatedExecution shard = new SimulatedExecution(machine, "r", Limits.DEFAULT, START);
    List<Integer> perStep = new ArrayList<>();
    perStep.add(begun(shard.send(told)));
    // An end makes room for one, and not for those that have a step to come.
    perStep.add(begun(shard.send(firstChildEnded())));
    while (shard.nextTimerMillis() != null && shard.nextTimerMillis() == START) {
      perStep.add(begun(shard.fireNextTimer()));
    }

    assertThat(perStep).containsExactly(50, 1, 50, 50, 50, 49);
  }

  /** The shards that a Map state has told to begin, in order. */
  private static List<Event.ShardStarted> shardsTold(SimulatedExecution execution) {
    return execution.requests().stream()
        .map(request -> request instanceof Effect.Send(String _, Event event) ? event : null)
        .filter(Event.ShardStarted.class::isInstance)
        .map(Event.ShardStarted.class::cast)
        .toList();
  }

  private static int begun(Decision decision) {
    return (int)
        decision.effects().stream()
            .filter(
                effect ->
                    effect instanceof Effect.Send(String _, Event event)
                        && event instanceof Event.ChildStarted)
            .count();
  }

  private static Event.ChildEnded firstChildEnded() {
    return new Event.ChildEnded(
        0, 0, 0, Execution.Status.SUCCEEDED, utf8("1"), null, null, START, START);
  }

  // ------------------------------------------------------------------ failures

  @Test
  void shouldFailWithTheFirstChildThatFails() {
    Outcome outcome = run(map(TASK, "'MaxConcurrency':1"), "[1,\"bad\",3]");

    assertFailed(
        outcome,
        "States.ExceedToleratedFailureThreshold",
        "The specified tolerated failure threshold was exceeded");
    assertThat(types(outcome.history()))
        .endsWith("MapRunStarted", "MapRunFailed", "MapStateFailed", "ExecutionFailed");
    assertThat(outcome.children()).hasSizeBetween(2, 3);
  }

  @Test
  void shouldAbortTheOtherChildrenWhenTheMapRunFails() {
    SimulatedTasks tasks =
        attempt ->
            new String(attempt.input(), StandardCharsets.UTF_8).contains("bad")
                ? echo(attempt)
                : List.of();

    Outcome outcome = simulation(map(TASK, ""), tasks).run(start("[1,\"bad\",3]"));

    assertThat(outcome.status()).isEqualTo(Execution.Status.FAILED);
    assertThat(outcome.children())
        .extracting(Outcome.Child::status)
        .containsExactly(
            Execution.Status.ABORTED, Execution.Status.FAILED, Execution.Status.ABORTED);
  }

  @Test
  void shouldTolerateSoManyFailuresAndTellOfThem() {
    Outcome outcome = run(map(TASK, "'ToleratedFailureCount':1"), "[1,\"bad\"]");

    List<?> results = (List<?>) json(output(outcome).getBytes(StandardCharsets.UTF_8));
    assertThat(results.getFirst()).isEqualTo(1);
    assertThat((Object) ((Map<?, ?>) results.getLast()).get("Status")).isEqualTo("FAILED");
    assertThat((Object) ((Map<?, ?>) results.getLast()).get("Error")).isEqualTo("Bad");
    assertThat((Object) ((Map<?, ?>) results.getLast()).get("Input")).isEqualTo("\"bad\"");
    assertFailed(
        run(map(TASK, "'ToleratedFailureCount':1"), "[\"bad\",\"bad\"]"),
        "States.ExceedToleratedFailureThreshold",
        "The specified tolerated failure threshold was exceeded");
  }

  @Test
  void shouldTolerateAShareOfTheItems() {
    String half = map(TASK, "'ToleratedFailurePercentage':50");

    assertThat(run(half, "[1,\"bad\"]").status()).isEqualTo(Execution.Status.SUCCEEDED);
    assertThat(run(half, "[1,\"bad\",\"bad\"]").status()).isEqualTo(Execution.Status.FAILED);
  }

  @Test
  void shouldCountItemsRatherThanBatches() {
    String batches = map(TASK, "'ItemBatcher':{'MaxItemsPerBatch':3},'ToleratedFailureCount':2");

    assertThat(run(batches, "[\"bad\",2,3]").status()).isEqualTo(Execution.Status.FAILED);
    assertThat(run(batches, "[1,2,3,\"bad\",5]").status()).isEqualTo(Execution.Status.SUCCEEDED);
  }

  @Test
  void shouldRetryTheWholeMapRun() {
    List<TaskAttempt> seen = new ArrayList<>();
    SimulatedTasks failsOnce =
        attempt -> {
          seen.add(attempt);
          return List.of(
              seen.size() == 1
                  ? new TaskReport.Failed(Duration.ZERO, "Bad", null)
                  : new TaskReport.Succeeded(Duration.ZERO, attempt.input()));
        };
    String retried =
        map(
            TASK,
            "'MaxConcurrency':1,'Retry':[{'ErrorEquals':['States.ExceedToleratedFailureThreshold']}]");

    Outcome outcome = simulation(retried, failsOnce).run(start("[1]"));

    assertThat(output(outcome)).isEqualTo("[1]");
    assertThat(types(outcome.history()))
        .containsSubsequence(
            "MapRunStarted", "MapRunFailed", "MapStateStarted", "MapRunStarted", "MapRunSucceeded");
    assertThat(outcome.children()).hasSize(2);
  }

  @Test
  void shouldCatchWhatFailsTheMapRun() {
    String caught =
        map(TASK, "'Catch':[{'ErrorEquals':['States.ALL'],'Next':'C'}]")
            .replaceFirst("'States':\\{", "'States':{'C':{'Type':'Pass','Result':1,'End':true},");

    assertThat(output(run(caught, "[\"bad\"]"))).isEqualTo("1");
  }

  @Test
  void shouldAbortTheMapRunWhenTheExecutionIsStopped() {
    Outcome outcome =
        simulation(map(TASK, ""), SimulatedTasks.NOBODY)
            .run(
                start("[1,2]"),
                List.of(
                    new Simulation.Happening(
                        Duration.ofSeconds(5), new Event.StopRequested("Stopped", null))));

    assertThat(outcome.status()).isEqualTo(Execution.Status.ABORTED);
    assertThat(types(outcome.history())).endsWith("MapRunAborted", "ExecutionAborted");
    assertThat(outcome.children())
        .hasSize(2)
        .allMatch(child -> child.status() == Execution.Status.ABORTED);
  }

  @Test
  void shouldFailWhenAnItemCannotBeSelected() {
    Outcome outcome = run(map(PASS, "'ItemSelector':{'x.$':'$$.Map.Item.Value.x'}"), "[{\"y\":1}]");

    assertThat(outcome.status()).isEqualTo(Execution.Status.FAILED);
    assertThat(outcome.error()).isEqualTo("States.Runtime");
    assertThat(types(outcome.history())).endsWith("MapRunFailed", "ExecutionFailed");
  }

  @Test
  void shouldRefuseResultsThatAreTooLarge() {
    String large = '"' + "x".repeat(50_000) + '"';
    SimulatedTasks tasks =
        _ ->
            List.of(
                new TaskReport.Succeeded(Duration.ZERO, large.getBytes(StandardCharsets.UTF_8)));

    Outcome outcome = simulation(map(TASK, ""), tasks).run(start("[1,2,3,4,5,6]"));

    assertThat(outcome.error()).isEqualTo("States.DataLimitExceeded");
  }

  @Test
  void shouldTakeTheResultsThatAShardHandsOverAgainAfterACrash() {
    SimulatedExecution execution =
        new SimulatedExecution(
            simulation(map(PASS, ""), SimulatedTasks.NOBODY).machine(), "r", Limits.DEFAULT, START);
    execution.send(start("[1,2,3]"));
    Event.ShardStarted shard = shardsTold(execution).getFirst();
    long frame = shard.run().frameId();
    int epoch = shard.run().epoch();

    // given results in three parts, of a shard that a crash then sets back
    execution.send(new Event.ShardResults(frame, epoch, 0, 0, utf8("[\"old\"]")));
    execution.send(new Event.ShardResults(frame, epoch, 0, 1, utf8("[\"old\"]")));
    execution.send(new Event.ShardResults(frame, epoch, 0, 2, utf8("[\"old\"]")));
    // when it hands them over again, in two parts
    execution.send(new Event.ShardResults(frame, epoch, 0, 0, utf8("[1,2]")));
    execution.send(new Event.ShardResults(frame, epoch, 0, 1, utf8("[3]")));
    execution.send(
        new Event.ShardEnded(
            frame,
            epoch,
            0,
            new Awaits.Progress(new Awaits.Tally(3, 0, 0, 0), new Awaits.Tally(3, 0, 0, 0)),
            2));

    assertThat(execution.end()).isNotNull();
    assertThat(execution.end().output()).isEqualTo(utf8("[1,2,3]"));
    assertThat(execution.rows().leftBehind()).isZero();
    assertThat(execution.send(new Event.ShardResults(frame, epoch, 0, 0, utf8("[9]"))).rejection())
        .isNotNull();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // ------------------------------------------------------------------ batches

  @Test
  void shouldPutItemsTogetherAcrossPages() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      lines.append(i).append('\n');
    }
    objects.put("b", "k", lines.toString().getBytes(StandardCharsets.UTF_8));
    String batches =
        map(
            PASS,
            "'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','ReaderConfig':{'InputType':"
                + "'JSONL'},'Parameters':{'Bucket':'b','Key':'k'}},'ItemBatcher':{'MaxItemsPerBatch':"
                + "300,'BatchInput':{'of.$':'$.name'}}");

    Outcome outcome = run(batches, "{\"name\":\"n\"}");

    List<?> results = (List<?>) json(output(outcome).getBytes(StandardCharsets.UTF_8));
    assertThat(results)
        .extracting(batch -> ((List<?>) ((Map<?, ?>) batch).get("Items")).size())
        .containsExactly(300, 300, 300, 100);
    assertThat(Json.encode(results.getFirst())).startsWith("{\"BatchInput\":{\"of\":\"n\"},");
    List<Object> items = new ArrayList<>();
    results.forEach(batch -> items.addAll((List<?>) ((Map<?, ?>) batch).get("Items")));
    assertThat(items).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
  }

  @Test
  void shouldBoundABatchByItsBytes() {
    Outcome outcome =
        run(
            map(PASS, "'ItemBatcher':{'MaxInputBytesPerBatch':40}"),
            "[\"aaaaaaaa\",\"bbbbbbbb\",\"cccccccc\"]");

    output(outcome);
    assertThat(outcome.children()).hasSize(2).allMatch(child -> child.input().length <= 40);
  }

  // ------------------------------------------------------------------ reader and writer

  @Test
  void shouldFailWhenTheItemsCannotBeRead() {
    String reads =
        map(
            PASS,
            "'ItemReader':{'Resource':'arn:aws:states:::s3:getObject',"
                + "'Parameters':{'Bucket':'b','Key':'none'}}");

    Outcome outcome = run(reads, "{}");

    assertFailed(outcome, "States.ItemReaderFailed", "The specified key does not exist.");
    assertThat(types(outcome.history()))
        .endsWith("MapRunStarted", "MapRunFailed", "MapStateFailed", "ExecutionFailed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'Parameters':'x'|States.Runtime|must be an object, but are a string",
        "'QueryLanguage':'JSONata','Arguments':'x'|States.QueryEvaluationError|Expected 'object',"
            + " but was 'string'",
        "'QueryLanguage':'JSONata','Arguments':'{% [1] %}'|States.QueryEvaluationError|Expected"
            + " 'object', but was 'array'"
      })
  void shouldFailWhenTheReadersArgumentsAreNoObject(String fields, String error, String cause) {
    int language = fields.indexOf("'Arguments'");
    String ofState = language > 0 ? fields.substring(0, language) : "";
    String ofReader = fields.substring(Math.max(0, language));

    Outcome outcome =
        run(
            map(
                PASS,
                ofState
                    + "'ItemReader':{'Resource':'arn:aws:states:::s3:getObject',"
                    + ofReader
                    + "}"),
            "{}");

    assertThat(outcome.error()).isEqualTo(error);
    assertThat(outcome.cause()).contains(cause);
  }

  @Test
  void shouldTellWhereAnItemWasReadFrom() {
    objects.put("b", "k", "[5]".getBytes(StandardCharsets.UTF_8));
    String reads =
        map(
            PASS,
            "'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','Parameters':{'Bucket':'b',"
                + "'Key':'k'}},'ItemSelector':{'from.$':'$$.Map.Item.Source'}");

    assertThat(output(run(reads, "{}"))).isEqualTo("[{\"from\":\"S3://b/k\"}]");
  }

  @Test
  void shouldWriteResultsAndTellWhere() {
    String writes =
        map(
            TASK,
            "'ToleratedFailureCount':1,'ResultWriter':{'Resource':'arn:aws:states:::s3:putObject',"
                + "'Parameters':{'Bucket':'b','Prefix':'out'}}");

    Map<?, ?> result = (Map<?, ?>) json(run(writes, "[1,\"bad\",3]").output());

    Map<?, ?> details = (Map<?, ?>) result.get("ResultWriterDetails");
    assertThat((Object) details.get("Bucket")).isEqualTo("b");
    String key = (String) details.get("Key");
    assertThat(key).startsWith("out/").endsWith("/manifest.json");
    String folder = key.substring(0, key.length() - "manifest.json".length());
    Map<?, ?> manifest = (Map<?, ?>) json(objects.get("b", key));
    assertThat((Object) manifest.get("MapRunArn")).isEqualTo(result.get("MapRunArn"));
    assertThat(Json.encode(manifest.get("ResultFiles")))
        .contains(folder + "SUCCEEDED_0.json", folder + "FAILED_0.json", "\"PENDING\":[]");
    List<Object> succeeded = list(objects.get("b", folder + "SUCCEEDED_0.json"));
    assertThat(succeeded)
        .extracting(each -> (Object) ((Map<?, ?>) each).get("Output"))
        .containsExactly("1", "3");
    assertThat((List<?>) json(objects.get("b", folder + "FAILED_0.json"))).hasSize(1);
  }

  @Test
  void shouldFlattenResultsAndWriteThemAsLines() {
    String writes =
        map(
            PASS,
            "'ResultWriter':{'Resource':'arn:aws:states:::s3:putObject','Parameters':{'Bucket':'b'},"
                + "'WriterConfig':{'Transformation':'FLATTEN','OutputType':'JSONL'}}");

    Map<?, ?> result = (Map<?, ?>) json(run(writes, "[[1,2],[3]]").output());

    String key = (String) ((Map<?, ?>) result.get("ResultWriterDetails")).get("Key");
    String file = key.replace("manifest.json", "SUCCEEDED_0.jsonl");
    assertThat(new String(objects.get("b", file), StandardCharsets.UTF_8)).isEqualTo("1\n2\n3\n");
  }

  @Test
  void shouldFormatResultsThatAreNotWritten() {
    String flattens =
        map(
            PASS,
            "'ResultWriter':{'WriterConfig':{'Transformation':'FLATTEN','OutputType':'JSON'}}");

    assertThat(output(run(flattens, "[[1,2],[3],4]"))).isEqualTo("[1,2,3,4]");
  }

  @Test
  void shouldFailWhenResultsCannotBeWritten() {
    String writes =
        map(
            PASS,
            "'ResultWriter':{'Resource':'arn:aws:states:::s3:putObject','Parameters':{'Bucket':'none'}}");

    assertFailed(
        run(writes, "[1]"), "States.ResultWriterFailed", "The specified bucket does not exist");
  }
}
