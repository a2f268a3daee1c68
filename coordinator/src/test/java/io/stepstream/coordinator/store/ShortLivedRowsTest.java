package io.stepstream.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
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
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver commits after each record; a record's value is a program of puts and deletions. */
final class ShortLivedRowsTest {

  private static final String STORE = "rows";

  @TempDir private Path directory;

  private TopologyTestDriver driver;
  private TestInputTopic<String, String> programs;
  private TestOutputTopic<String, byte[]> changelog;

  @BeforeEach
  void start() {
    Topology topology = new Topology();
    topology.addSource(
        "in", Serdes.String().deserializer(), Serdes.String().deserializer(), "programs");
    topology.addProcessor("run", Programs::new, "in");
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
            .withCachingEnabled(),
        "run");
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    driver = new TopologyTestDriver(topology, config);
    programs = driver.createInputTopic("programs", new StringSerializer(), new StringSerializer());
    changelog =
        driver.createOutputTopic(
            "app-rows-changelog", new StringDeserializer(), new ByteArrayDeserializer());
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void shouldWriteNothingOfARowThatCameAndWentBetweenTwoCommits() {
    programs.pipeInput("put a, delete a, put b");

    assertThat(changelog.readKeyValuesToList()).extracting(row -> row.key).containsExactly("b");
    assertThat(driver.<Bytes, byte[]>getKeyValueStore(STORE).get(key("a"))).isNull();
  }

  @Test
  void shouldStillDeleteARowThatAnEarlierCommitHasWritten() {
    programs.pipeInput("put a");
    programs.pipeInput("delete a");

    assertThat(changelog.readKeyValuesToList())
        .extracting(row -> row.key + (row.value == null ? " deleted" : ""))
        .containsExactly("a", "a deleted");
  }

  @Test
  void shouldWriteADeletionOfAWrittenRowEvenIfItWasPutAgainInBetween() {
    programs.pipeInput("put a");
    programs.pipeInput("put a, delete a");

    assertThat(changelog.readKeyValuesToList().getLast().value).isNull();
  }

  private static Bytes key(String name) {
    return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
  }

  private static final class Programs implements Processor<String, String, Void, Void> {

    private KeyValueStore<Bytes, byte[]> store;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      store = context.getStateStore(STORE);
      ShortLivedRows.spare(store);
    }

    @Override
    public void process(Record<String, String> program) {
      for (String step : List.of(program.value().split(", "))) {
        String[] words = step.split(" ");
        if (words[0].equals("put")) {
          store.put(key(words[1]), new byte[] {1});
        } else {
          store.delete(key(words[1]));
        }
      }
    }
  }
}
