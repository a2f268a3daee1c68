package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.simulation.Outcome;
import io.stepstream.asl.simulation.SimulatedTasks;
import io.stepstream.asl.simulation.Simulation;
import io.stepstream.asl.simulation.TaskReport;
import io.stepstream.asl.source.DefinitionProblem;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Definitions that were right and have been spoilt: reading one ends with a value, whose problems
 * lie within the text, and what is accepted runs. A failure prints its seed; {@code
 * -Dstepstream.seed=…} begins there.
 */
class MutatedDefinitionsTest {

  private static final long FIRST_SEED = Long.getLong("stepstream.seed", 20_261_127L);

  /** Far more than reading takes; what needs this long hangs. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private static final long START = 1_800_000_000_000L;

  /** What a random place is filled with: the language's own words, and what is none. */
  private static final List<Object> WORDS =
      List.of(
          "Pass",
          "Task",
          "Choice",
          "Wait",
          "Succeed",
          "Fail",
          "Parallel",
          "Map",
          "JSONata",
          "JSONPath",
          "States.ALL",
          "States.Timeout",
          "$",
          "$.a[*]",
          "$$.Task.Token",
          "$[",
          "{% $ %}",
          "{% $states.input %}",
          "{% ( %}",
          "{% $f := function($x){ $f($x) }; $f(1) %}",
          "%}",
          "",
          "\u0000",
          "\ud800",
          "a".repeat(300),
          true,
          false,
          0,
          -1,
          1,
          1e308,
          99999999999L,
          Json.NULL,
          List.of(),
          Map.of(),
          List.of(List.of(Map.of("a", Json.NULL))),
          Map.of("StartAt", "S0"));

  /** What JSON and YAML are made of. */
  private static final String SIGNS = "{}[],:\"\\&*!|>-\n\t%";

  private static final List<String> FIELDS =
      List.of(
          "Type",
          "Next",
          "End",
          "StartAt",
          "States",
          "Branches",
          "Iterator",
          "ItemProcessor",
          "ItemReader",
          "ItemSelector",
          "ItemBatcher",
          "ResultWriter",
          "ProcessorConfig",
          "Choices",
          "Default",
          "Condition",
          "Variable",
          "And",
          "Not",
          "IsPresent",
          "Retry",
          "Catch",
          "ErrorEquals",
          "MaxAttempts",
          "BackoffRate",
          "InputPath",
          "OutputPath",
          "ResultPath",
          "Parameters",
          "ResultSelector",
          "Arguments",
          "Output",
          "Assign",
          "QueryLanguage",
          "TimeoutSeconds",
          "TimeoutSecondsPath",
          "HeartbeatSeconds",
          "Seconds",
          "SecondsPath",
          "Timestamp",
          "Error",
          "Cause",
          "CausePath",
          "Resource",
          "Credentials",
          "MaxConcurrency",
          "ToleratedFailureCount",
          "Label",
          "Version",
          "Comment",
          "x.$",
          "Items",
          "ItemsPath");

  @Test
  void readingNeverFailsAndWhatIsAcceptedRuns() {
    mutate(2_000);
  }

  @Test
  @Tag("slow")
  void readingNeverFailsAndWhatIsAcceptedRunsALot() {
    mutate(300_000);
  }

  private static void mutate(int inputs) {
    List<String> seeds = examples();
    Map<String, Integer> seen = new TreeMap<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + inputs; seed++) {
      Random random = random(seed);
      String original =
          random.nextInt(3) == 0
              ? seeds.get(random.nextInt(seeds.size()))
              : new RandomMachines(random).definition();
      String text =
          random.nextInt(3) == 0 ? spoilText(original, random) : spoilTree(original, random);
      try {
        seen.merge(read(text, random), 1, Integer::sum);
      } catch (Throwable failure) {
        throw new AssertionError("seed " + seed + ": " + text, failure);
      }
    }
    System.out.println("MutatedDefinitionsTest: " + inputs + " inputs, " + seen);
    // Both ways must go on being reached, or the property says little.
    assertThat(seen).containsKeys("refused", "SUCCEEDED", "FAILED");
  }

  /** Seeds that follow each other would begin alike. */
  private static Random random(long seed) {
    return new Random(seed * 0x9E3779B97F4A7C15L);
  }

  private static List<String> examples() {
    try (Stream<Path> files = Files.walk(Path.of("..", "examples"), 2)) {
      List<String> texts = new ArrayList<>();
      for (Path file :
          files
              .filter(file -> file.getFileName().toString().endsWith(".asl.json"))
              .sorted()
              .toList()) {
        texts.add(Files.readString(file));
      }
      assertThat(texts).hasSizeGreaterThan(10);
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(String text, Random random) {
    MachineType type = random.nextBoolean() ? MachineType.STANDARD : MachineType.EXPRESS;
    Format format = random.nextInt(5) == 0 ? Format.YAML : Format.JSON;
    long began = System.nanoTime();
    DefinitionResult result = DefinitionReader.read(text, format, type);
    assertThat(System.nanoTime() - began).as("time to read").isLessThan(LONGEST.toNanos());
    long lines = text.lines().count() + 1;
    for (DefinitionProblem problem : result.problems()) {
      assertThat(problem.message()).isNotBlank();
      assertThat((long) problem.line()).as("line of %s", problem).isBetween(1L, lines);
      assertThat(problem.column()).as("column of %s", problem).isPositive();
    }
    return switch (result) {
      case DefinitionResult.Rejected rejected -> {
        assertThat(rejected.errors()).isNotEmpty();
        assertThat(rejected.message()).startsWith("Invalid State Machine Definition: '");
        yield "refused";
      }
      case DefinitionResult.Parsed parsed ->
          run(Machine.of(parsed.machine()), random).status().name();
    };
  }

  private static Outcome run(Machine machine, Random random) {
    SimulatedTasks tasks =
        _ ->
            List.of(
                switch (random.nextInt(4)) {
                  case 0 -> new TaskReport.Failed(Duration.ZERO, "Boom", "because");
                  case 1 -> new TaskReport.Succeeded(Duration.ofSeconds(1), json("[1,2]"));
                  default -> new TaskReport.Succeeded(Duration.ZERO, json("{\"n\":3}"));
                });
    return Simulation.of(machine, tasks)
        .withLongest(Duration.ofDays(1))
        .run(
            new Event.Started(
                "arn:aws:states:us-east-1:111111111111:execution:m:r",
                "r",
                "arn:aws:states:us-east-1:111111111111:stateMachine:m",
                "arn:aws:iam::111111111111:role/r",
                false,
                START,
                json("{\"n\":1,\"items\":[1,2,3]}"),
                null));
  }

  private static byte[] json(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Characters lost, doubled and put in. */
  private static String spoilText(String original, Random random) {
    StringBuilder text = new StringBuilder(original);
    for (int i = 1 + random.nextInt(3); i > 0 && !text.isEmpty(); i--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + 1 + random.nextInt(20));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, text.substring(at, end));
        case 2 -> text.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
        default -> text.insert(at, SIGNS.charAt(random.nextInt(SIGNS.length())));
      }
    }
    return text.toString();
  }

  /** Well-formed, with values, names and whole states in wrong places. */
  private static String spoilTree(String original, Random random) {
    Object tree =
        switch (Json.decode(original)) {
          case Decoded.Tree(Object json) -> json;
          case Decoded.Malformed malformed -> throw new AssertionError(malformed.toString());
        };
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      tree = spoil(tree, random, 1 + random.nextInt(12), tree);
    }
    return Json.encode(tree);
  }

  /** Walks down at random until the steps are used up, and changes what is there. */
  private static Object spoil(Object node, Random random, int steps, Object whole) {
    return switch (node) {
      case Map<?, ?> map when !map.isEmpty() -> {
        Map<String, Object> changed = new LinkedHashMap<>();
        map.forEach((key, value) -> changed.put((String) key, value));
        List<String> keys = List.copyOf(changed.keySet());
        String key = keys.get(random.nextInt(keys.size()));
        if (steps > 0) {
          changed.put(key, spoil(changed.get(key), random, steps - 1, whole));
          yield changed;
        }
        switch (random.nextInt(4)) {
          case 0 -> changed.remove(key);
          case 1 -> changed.put(FIELDS.get(random.nextInt(FIELDS.size())), changed.remove(key));
          case 2 -> changed.put(FIELDS.get(random.nextInt(FIELDS.size())), value(random, whole));
          default -> changed.put(key, value(random, whole));
        }
        yield changed;
      }
      case List<?> list when !list.isEmpty() && steps > 0 -> {
        List<Object> changed = new ArrayList<>(list);
        int at = random.nextInt(changed.size());
        changed.set(at, spoil(changed.get(at), random, steps - 1, whole));
        yield changed;
      }
      default -> value(random, whole);
    };
  }

  private static Object value(Random random, Object whole) {
    return random.nextInt(20) == 0 ? whole : WORDS.get(random.nextInt(WORDS.size()));
  }
}
