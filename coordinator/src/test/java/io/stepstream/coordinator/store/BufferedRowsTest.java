package io.stepstream.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The driver commits after each record; a record's value is a program of puts and deletions. */
final class BufferedRowsTest {

  private static final int ROOMY = 1 << 20;

  /** Less than two rows: every other write flushes, and generations change all the time. */
  private static final int CRAMPED = 200;

  @TempDir private Path directory;

  private final List<String> seen = new ArrayList<>();
  private TopologyTestDriver driver;
  private TestInputTopic<String, String> programs;
  private TestOutputTopic<String, byte[]> changelog;

  private void start(StoreBuilder<KeyValueStore<Bytes, byte[]>> rows) {
    Topology topology = new Topology();
    topology.addSource(
        "in", Serdes.String().deserializer(), Serdes.String().deserializer(), "programs");
    topology.addProcessor("run", () -> new Programs(rows.name(), seen), "in");
    topology.addStateStore(rows, "run");
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    driver = new TopologyTestDriver(topology, config);
    programs = driver.createInputTopic("programs", new StringSerializer(), new StringSerializer());
    changelog =
        driver.createOutputTopic(
            "app-" + rows.name() + "-changelog",
            new StringDeserializer(),
            new ByteArrayDeserializer());
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> builder(boolean ordered, int bytes) {
    return ordered ? RowStores.timers(Map.of(), bytes) : RowStores.executions(Map.of(), bytes);
  }

  @Test
  void shouldWriteNothingOfARowThatCameAndWentBetweenTwoCommits() {
    start(builder(false, ROOMY));

    programs.pipeInput("put a, delete a, put b");

    assertThat(changelog.readKeyValuesToList()).extracting(row -> row.key).containsExactly("b");
  }

  @Test
  void shouldWriteNothingOfARowThatWasMissedFirst() {
    start(builder(false, ROOMY));

    programs.pipeInput("get a, put a, get a, delete a, get a");

    assertThat(changelog.isEmpty()).isTrue();
    assertThat(seen).containsExactly("a: -", "a: 1", "a: -");
  }

  @Test
  void shouldStillDeleteARowThatAnEarlierCommitHasWritten() {
    start(builder(false, ROOMY));

    programs.pipeInput("put a");
    programs.pipeInput("delete a");

    assertThat(changelog.readKeyValuesToList())
        .extracting(row -> row.key + (row.value == null ? " deleted" : ""))
        .containsExactly("a", "a deleted");
  }

  @Test
  void shouldWriteADeletionOfAWrittenRowEvenIfItWasPutAgainInBetween() {
    start(builder(false, ROOMY));

    programs.pipeInput("put a");
    programs.pipeInput("put a, delete a");

    assertThat(changelog.readKeyValuesToList().getLast().value).isNull();
  }

  @Test
  void shouldWriteEarlyWhatIsMoreThanTheBound() {
    start(builder(true, CRAMPED));

    programs.pipeInput("put a, put b, delete a, delete b");

    assertThat(changelog.readKeyValuesToList())
        .extracting(row -> row.key + (row.value == null ? " deleted" : ""))
        .containsExactly("a", "b", "a deleted", "b deleted");
  }

  @ParameterizedTest
  @CsvSource({"false, 1048576", "false, 200", "true, 1048576", "true, 200"})
  void shouldReadAndScanAsASortedMapWould(boolean ordered, int bytes) {
    start(builder(ordered, bytes));
    Random random = new Random(42);
    TreeMap<String, String> model = new TreeMap<>();
    List<String> expected = new ArrayList<>();
    for (int record = 0; record < 300; record++) {
      List<String> program = new ArrayList<>();
      for (int step = random.nextInt(8); step >= 0; step--) {
        String key = "k" + random.nextInt(20);
        switch (random.nextInt(6)) {
          case 0, 1 -> {
            program.add("put " + key);
            model.put(key, "1");
          }
          case 2 -> {
            program.add("delete " + key);
            model.remove(key);
          }
          case 3, 4 -> {
            program.add("get " + key);
            expected.add(key + ": " + model.getOrDefault(key, "-"));
          }
          default -> {
            program.add("scan " + key + " k5");
            expected.add(
                key.compareTo("k5") > 0
                    ? "[]"
                    : model.subMap(key, true, "k5", true).keySet().toString());
          }
        }
      }
      programs.pipeInput(String.join(", ", program));
    }

    assertThat(seen).isEqualTo(expected);
    TreeMap<String, byte[]> restored = new TreeMap<>();
    changelog
        .readKeyValuesToList()
        .forEach(
            row -> {
              if (row.value == null) {
                restored.remove(row.key);
              } else {
                restored.put(row.key, row.value);
              }
            });
    assertThat(restored.keySet()).isEqualTo(model.keySet());
  }

  private static final class Programs implements Processor<String, String, Void, Void> {

    private final String name;
    private final List<String> seen;
    private KeyValueStore<Bytes, byte[]> store;

    Programs(String name, List<String> seen) {
      this.name = name;
      this.seen = seen;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      store = context.getStateStore(name);
    }

    @Override
    public void process(Record<String, String> program) {
      for (String step : program.value().split(", ")) {
        String[] words = step.split(" ");
        switch (words[0]) {
          case "put" -> store.put(key(words[1]), new byte[] {1});
          case "delete" -> store.put(key(words[1]), null);
          case "get" -> seen.add(words[1] + ": " + (store.get(key(words[1])) == null ? "-" : "1"));
          default -> seen.add(scan(key(words[1]), key(words[2])).toString());
        }
      }
    }

    private List<String> scan(Bytes from, Bytes to) {
      List<String> keys = new ArrayList<>();
      if (from.compareTo(to) <= 0) {
        try (KeyValueIterator<Bytes, byte[]> rows = store.range(from, to)) {
          rows.forEachRemaining(row -> keys.add(new String(row.key.get(), StandardCharsets.UTF_8)));
        }
      }
      return keys;
    }

    private static Bytes key(String name) {
      return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
    }
  }
}
