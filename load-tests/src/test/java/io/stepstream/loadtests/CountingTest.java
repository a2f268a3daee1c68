package io.stepstream.loadtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.zip.Deflater;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CountingTest {

  private static EndOffsets ends(long... offsets) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (int i = 0; i < offsets.length; i++) {
      ends.put(new TopicPartition("topic", i), offsets[i]);
    }
    return new EndOffsets(ends);
  }

  @Test
  void shouldCountRecordsByTheGrowthOfEndOffsets() {
    EndOffsets before = ends(3L, 0L, 4_000_000_000L);
    EndOffsets after = ends(10L, 5L, 4_000_000_008L);

    assertThat(RecordCount.perExecution(before, after, 8)).isEqualTo(2.5);
  }

  @Test
  void shouldNotDivideByNoExecutions() {
    assertThatThrownBy(() -> RecordCount.perExecution(ends(0), ends(10), 0))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("No execution ended");
  }

  @Test
  void shouldFindTheSequenceNumberInAnArn() {
    String unique = new UUID(0, 1_234_567).toString();
    byte[] arn = ("arn:aws:states:us-east-1:000000000000:express:m:" + unique).getBytes(UTF_8);

    assertThat(EnginePipeline.sequence(arn)).isEqualTo(1_234_567);
  }

  @ParameterizedTest
  @CsvSource({
    "execution:map, true",
    "express:map, true",
    "execution:map/Each, false",
    "express:map/Each, false",
    "execution:map-with-task, false",
    "execution:my-map, false"
  })
  void shouldKnowTheExecutionsOfItsMachine(String executions, boolean own) {
    assertThat(
            EnginePipeline.isOf(
                "arn:aws:states:us-east-1:000000000000:stateMachine:map",
                "arn:aws:states:us-east-1:000000000000:" + executions + ":one"))
        .isEqualTo(own);
  }

  @ParameterizedTest
  @ValueSource(ints = {11, 12, 512, 262_144})
  void shouldMakeJsonOfExactlyTheSize(int bytes) throws Exception {
    byte[] json = Inputs.of(bytes).at(7);

    assertThat(json).hasSize(bytes);
    assertThat(new ObjectMapper().readTree(json).isObject()).isTrue();
  }

  @Test
  void shouldRefuseASizeThatNoJsonObjectHas() {
    assertThatThrownBy(() -> Inputs.of(10)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldMakeInputsInWhichNothingIsRepeated() {
    byte[] many = new byte[64 * 512];
    for (int i = 0; i < 64; i++) {
      System.arraycopy(Inputs.of(512).at(i), 0, many, i * 512, 512);
    }
    Deflater deflater = new Deflater();
    deflater.setInput(many);
    deflater.finish();

    // Letters of six bits each, as many of which fit into eight; nothing beyond that.
    assertThat(deflater.deflate(new byte[2 * many.length])).isGreaterThan(many.length * 7 / 10);
  }
}
