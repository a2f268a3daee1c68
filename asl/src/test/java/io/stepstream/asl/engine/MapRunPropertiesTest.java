package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.simulation.SimulatedObjects;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds of distributed Maps, in whatever order the world does its part. */
class MapRunPropertiesTest {

  private static final String MAP =
      """
      {"StartAt":"M","States":{"M":{"Type":"Map","End":true,%s
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
          "StartAt":"T","States":{"T":{"Type":"Task","End":true,
            "Resource":"arn:aws:lambda:us-east-1:111111111111:function:f"}}}}}}\
      """;
  private static final String READER =
      """
      "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},
        "Parameters":{"Bucket":"b","Key":"k"}},\
      """;

  private static RandomMapRun run(
      String fields, SimulatedObjects objects, long seed, int failing, int maxConcurrency) {
    String definition = MAP.formatted(fields + "\"MaxConcurrency\":" + maxConcurrency + ",");
    return switch (DefinitionReader.read(definition, Format.JSON, MachineType.STANDARD)) {
      case DefinitionResult.Parsed parsed ->
          new RandomMapRun(
              Machine.of(parsed.machine()),
              objects,
              seed,
              failing,
              maxConcurrency == 0 ? RandomMapRun.LIMITS.mapRun().concurrency() : maxConcurrency);
      case DefinitionResult.Rejected rejected -> throw new AssertionError(rejected.message());
    };
  }

  private static String numbers(int count) {
    return IntStream.range(0, count)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static SimulatedObjects objects(int count) {
    return new SimulatedObjects().put("b", "k", numbers(count).getBytes(StandardCharsets.UTF_8));
  }

  private static Object json(byte[] text) {
    return switch (Json.decode(text)) {
      case Decoded.Tree(Object json) -> json;
      case Decoded.Malformed malformed -> throw new AssertionError(malformed.message());
    };
  }

  @Property(tries = 60)
  void everyItemIsInTheResultOnceAndInOrder(
      @ForAll long seed,
      @ForAll @IntRange(max = 120) int count,
      @ForAll @IntRange(max = 15) int c) {
    RandomMapRun run = run("", new SimulatedObjects(), seed, 0, c);

    Effect.Close end = run.run(numbers(count));

    assertThat(end.execution().status()).isEqualTo(Execution.Status.SUCCEEDED);
    assertThat(new String(end.output(), StandardCharsets.UTF_8)).isEqualTo(numbers(count));
    assertThat(run.children()).isEqualTo(count);
    if (c > 0) {
      assertThat(run.mostOpen()).as("child executions at a time").isLessThanOrEqualTo(c);
    }
  }

  @Property(tries = 60)
  void everyItemReadIsInABatchOnceAndInOrder(
      @ForAll long seed,
      @ForAll @IntRange(max = 120) int count,
      @ForAll @IntRange(min = 1, max = 13) int size) {
    RandomMapRun run =
        run(
            READER + "\"ItemBatcher\":{\"MaxItemsPerBatch\":" + size + "},",
            objects(count),
            seed,
            0,
            4);

    Effect.Close end = run.run("{}");

    assertThat(end.execution().status()).isEqualTo(Execution.Status.SUCCEEDED);
    List<Object> items = new ArrayList<>();
    for (Object batch : (List<?>) json(end.output())) {
      items.addAll((List<?>) ((Map<?, ?>) batch).get("Items"));
    }
    assertThat(items).isEqualTo(IntStream.range(0, count).boxed().toList());
    assertThat(run.children()).isEqualTo(Math.ceilDiv(count, size));
  }

  @Property(tries = 60)
  void aMapRunEndsWhateverFails(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 80) int count,
      @ForAll @IntRange(min = 2, max = 30) int failing,
      @ForAll @IntRange(max = 5) int tolerated) {
    String fields = READER + "\"ToleratedFailureCount\":" + tolerated + ",";
    RandomMapRun run = run(fields, objects(count), seed, failing, 7);

    Effect.Close end = run.run("{}");

    if (end.execution().status() == Execution.Status.SUCCEEDED) {
      List<?> results = (List<?>) json(end.output());
      assertThat(results).hasSize(count);
      assertThat(results.stream().filter(Map.class::isInstance).count())
          .as("failures told")
          .isLessThanOrEqualTo(tolerated);
    } else {
      assertThat(end.error()).isEqualTo("States.ExceedToleratedFailureThreshold");
      MapRunSummary told = run.told();
      assertThat(told.status()).isEqualTo(MapRunSummary.Status.FAILED);
      assertThat(told.children().running()).isZero();
      assertThat(told.items().ended().failed()).isGreaterThan(tolerated);
      RandomMapRun.addUp(told.children());
      RandomMapRun.addUp(told.items());
    }
  }

  @Property(tries = 150)
  void aMapRunThatIsRedrivenRunsEachItemUntilItSucceedsAndNotAgain(
      @ForAll long seed,
      @ForAll @IntRange(max = 90) int count,
      @ForAll @IntRange(min = 1, max = 20) int failing,
      @ForAll @IntRange(max = 4) int tolerated,
      @ForAll boolean read) {
    String fields = (read ? READER : "") + "\"ToleratedFailureCount\":" + tolerated + ",";
    RandomMapRun run = run(fields, objects(count), seed, failing, 7).withChanges().redriven(3);

    Effect.Close end = run.run(read ? "{}" : numbers(count));

    assertThat(end.execution().status())
        .as("%s: %s", end.error(), end.cause())
        .isEqualTo(Execution.Status.SUCCEEDED);
    assertThat(run.mapRuns()).as("Map runs").isEqualTo(1);
    assertThat(run.children()).isEqualTo(count);
    List<?> results = (List<?>) json(end.output());
    assertThat(results).hasSize(count);
    List<Integer> numbers = IntStream.range(0, count).boxed().toList();
    long told = 0;
    for (int i = 0; i < count; i++) {
      if (results.get(i) instanceof Map<?, ?>) {
        told++;
      } else {
        assertThat((Object) results.get(i)).isEqualTo(numbers.get(i));
      }
    }
    assertThat(told).as("failures told").isLessThanOrEqualTo(tolerated);
    RandomMapRun.addUp(run.told().children());
    RandomMapRun.addUp(run.told().items());
    assertThat(run.told().children().ended().succeeded()).isEqualTo(count - told);
  }

  @Property(tries = 40)
  void aRedrivenMapRunWritesEachResultOnce(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
    SimulatedObjects objects = objects(count);
    String writes =
        """
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"},
          "WriterConfig":{"Transformation":"COMPACT","OutputType":"JSON"}},\
        """;

    Effect.Close end = run(READER + writes, objects, seed, 9, 9).redriven(2).run("{}");

    assertThat(end.execution().status()).isEqualTo(Execution.Status.SUCCEEDED);
    assertThat(written(objects, end)).isEqualTo(count);
  }

  @Property(tries = 60)
  void everyItemIsInTheResultOnceWhileTheUserChangesHisMind(
      @ForAll long seed, @ForAll @IntRange(max = 120) int count) {
    RandomMapRun run = run("", new SimulatedObjects(), seed, 0, 5).withChanges();

    Effect.Close end = run.run(numbers(count));

    assertThat(end.execution().status()).isEqualTo(Execution.Status.SUCCEEDED);
    assertThat(new String(end.output(), StandardCharsets.UTF_8)).isEqualTo(numbers(count));
  }

  @Property(tries = 60)
  void aMapRunTellsExactlyHowItsChildrenEnded(
      @ForAll long seed,
      @ForAll @IntRange(max = 100) int count,
      @ForAll @IntRange(min = 1, max = 7) int size) {
    String fields =
        READER
            // a hundred failures are more than the state's output may have
            + "\"ToleratedFailurePercentage\":100,\"ResultSelector\":{},\"ItemBatcher\":{\"MaxItemsPerBatch\":"
            + size
            + "},";
    RandomMapRun run = run(fields, objects(count), seed, 3, 6);

    Effect.Close end = run.run("{}");

    assertThat(end.execution().status())
        .as("%s: %s", end.error(), end.cause())
        .isEqualTo(Execution.Status.SUCCEEDED);
    MapRunSummary told = run.told();
    assertThat(told.status()).isEqualTo(MapRunSummary.Status.SUCCEEDED);
    assertThat(told.stopMillis()).isGreaterThanOrEqualTo(told.run().startMillis());
    assertThat(told.children())
        .isEqualTo(
            new MapRunSummary.Counts(
                0,
                0,
                new Awaits.Tally(
                    run.ended(Execution.Status.SUCCEEDED),
                    run.ended(Execution.Status.FAILED),
                    0,
                    0),
                run.children(),
                run.children(),
                0));
    assertThat(told.items().total()).isEqualTo(count);
    RandomMapRun.addUp(told.items());
    assertThat(told.items().pending() + told.items().running()).isZero();
  }

  @Property(tries = 100)
  void aMapRunEndsWhateverShardsAreLost(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 80) int count,
      @ForAll @IntRange(min = 1, max = 3) int crashes) {
    RandomMapRun run = run(READER, objects(count), seed, 0, 7).crashing(crashes);

    Effect.Close end = run.run("{}");

    if (end.execution().status() == Execution.Status.SUCCEEDED) {
      assertThat(new String(end.output(), StandardCharsets.UTF_8)).isEqualTo(numbers(count));
    } else {
      assertThat(end.error()).isEqualTo("States.Runtime");
      assertThat(end.cause()).contains("is lost after a crash");
    }
  }

  @Property(tries = 40)
  void everyResultIsInAnObjectThatTheManifestNames(
      @ForAll long seed, @ForAll @IntRange(max = 60) int count) {
    SimulatedObjects objects = objects(count);
    String writes =
        """
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"},
          "WriterConfig":{"Transformation":"COMPACT","OutputType":"JSON"}},"ToleratedFailurePercentage":100,\
        """;

    Effect.Close end = run(READER + writes, objects, seed, 4, 9).run("{}");

    assertThat(end.execution().status()).isEqualTo(Execution.Status.SUCCEEDED);
    assertThat(written(objects, end)).isEqualTo(count);
  }

  /** Results in the objects that the manifest names. */
  private static int written(SimulatedObjects objects, Effect.Close end) {
    Map<?, ?> details = (Map<?, ?>) ((Map<?, ?>) json(end.output())).get("ResultWriterDetails");
    Map<?, ?> manifest = (Map<?, ?>) json(objects.get("b", (String) details.get("Key")));
    int results = 0;
    for (Object files : ((Map<?, ?>) manifest.get("ResultFiles")).values()) {
      for (Object file : (List<?>) files) {
        byte[] body = objects.get("b", (String) ((Map<?, ?>) file).get("Key"));
        assertThat((Object) ((Map<?, ?>) file).get("Size")).isEqualTo(body.length);
        results += ((List<?>) json(body)).size();
      }
    }
    return results;
  }

  @Property(tries = 60)
  void everyResultIsInTheSpansOfTheTopicThatTheStateTells(
      @ForAll long seed,
      @ForAll @IntRange(max = 60) int count,
      @ForAll @IntRange(max = 2) int redrives) {
    String publishes =
        """
        "ResultWriter":{"Resource":"arn:aws:states:::kafka:publish","Parameters":{"Topic":"t"},
          "WriterConfig":{"Transformation":"COMPACT"}},\
        """;
    RandomMapRun run = run(READER + publishes, objects(count), seed, 9, 9).redriven(redrives);

    Effect.Close end = run.run("{}");

    if (end.execution().status() != Execution.Status.SUCCEEDED) {
      assertThat(redrives).as("only the last redrive lets no task fail").isZero();
      return;
    }
    Map<?, ?> details = (Map<?, ?>) ((Map<?, ?>) json(end.output())).get("ResultWriterDetails");
    Map<?, ?> from = (Map<?, ?>) details.get("FromOffsets");
    Map<?, ?> to = (Map<?, ?>) details.get("ToOffsets");
    Map<Long, RandomMapRun.Published> latest = new TreeMap<>();
    for (Object partition : (List<?>) details.get("Partitions")) {
      String name = partition.toString();
      int begin = ((Number) from.get(name)).intValue();
      assertThat(begin).isPositive();
      run.topic()
          .get(((Number) partition).intValue())
          .subList(begin, ((Number) to.get(name)).intValue())
          .forEach(
              record ->
                  latest.merge(
                      record.child(),
                      record,
                      (one, other) -> {
                        if (one.redrive() == other.redrive()) {
                          assertThat(one).isEqualTo(other);
                        }
                        return one.redrive() > other.redrive() ? one : other;
                      }));
    }
    assertThat(latest).hasSize(count);
    assertThat(latest.values()).allMatch(RandomMapRun.Published::succeeded);
  }
}
