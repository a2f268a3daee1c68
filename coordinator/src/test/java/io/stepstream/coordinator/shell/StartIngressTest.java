package io.stepstream.coordinator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.route.TaskRoutes;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Starts that nobody can carry out, in the whole topology of a lane. */
class StartIngressTest {

  private static final String UNKNOWN = "arn:aws:states:us-east-1:000000000000:stateMachine:none";

  @TempDir private Path state;

  @Test
  void shouldPutStartsOfUnknownMachinesAsideWithTheReason() {
    StartExecution start =
        StartExecution.newBuilder().setStateMachineArn(UNKNOWN).setInput(Payloads.of("{}")).build();
    byte[] bytes =
        WireCodec.forTopic(StartExecution.class, Topics.START_EXECUTION, SchemaRegistry.bundled())
            .encode(start);

    List<TestRecord<byte[], byte[]>> letters = deadLettersOf(Lane.STANDARD, bytes);

    assertThat(letters).hasSize(1);
    assertThat(letters.getFirst().value()).isEqualTo(bytes);
    assertThat(header(letters.getFirst(), DeadLetter.REASON)).contains(UNKNOWN);
    assertThat(header(letters.getFirst(), DeadLetter.TOPIC)).isEqualTo(Topics.START_EXECUTION);
  }

  @Test
  void shouldPutGarbageAsideOnceAlthoughBothLanesReadIt() {
    byte[] garbage = "no record".getBytes(StandardCharsets.UTF_8);

    assertThat(deadLettersOf(Lane.STANDARD, garbage))
        .singleElement()
        .satisfies(letter -> assertThat(letter.value()).isEqualTo(garbage));
    assertThat(deadLettersOf(Lane.EXPRESS, garbage)).isEmpty();
  }

  /** Joined, the partitions of starts and inbox would have to be consumed by one task. */
  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "EXPRESS"})
  void shouldKeepStartsAndCommandsInTasksOfTheirOwn(Lane lane) {
    assertThat(topology(lane).describe().subtopologies()).hasSize(2);
  }

  private List<TestRecord<byte[], byte[]>> deadLettersOf(Lane lane, byte[] start) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "starts-" + lane);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    try (TopologyTestDriver driver = new TopologyTestDriver(topology(lane), config)) {
      driver
          .createInputTopic(
              Topics.START_EXECUTION, new ByteArraySerializer(), new ByteArraySerializer())
          .pipeInput(start);
      return driver
          .createOutputTopic(Topics.DLQ, new ByteArrayDeserializer(), new ByteArrayDeserializer())
          .readRecordsToList();
    }
  }

  private static Topology topology(Lane lane) {
    LaneSettings settings =
        lane == Lane.STANDARD
            ? LaneSettings.standard(1, "us-east-1")
            : LaneSettings.express(1, "us-east-1", true);
    return CoordinatorTopology.build(
        settings,
        LaneCodecs.of(settings.topics(), SchemaRegistry.bundled()),
        new NoDefinitions(),
        new TaskRoutes(),
        new CommitPacing(settings.pacing()),
        new PendingReplies("node"),
        new StepCounters());
  }

  private static String header(TestRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static final class NoDefinitions implements Definitions {

    @Override
    public @Nullable Runnable find(String stateMachineArn, String revisionId) {
      return null;
    }

    @Override
    public Optional<Current> current(String stateMachineArn) {
      return Optional.empty();
    }

    @Override
    public long position() {
      return 0;
    }

    @Override
    public boolean catchUp(Duration timeout) {
      return true;
    }
  }
}
