package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.topic.ExecutionKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class KeyedRecordsTest {

  private static final String ARN = "arn:aws:states:us-east-1:000000000000:execution:m:one";

  private final ExecutionKey execution = ExecutionKey.of(ARN);
  private final KeyedRecords records = new KeyedRecords("127.0.0.1:9", execution);

  private boolean counts(String key) {
    return records.isOfExecution(key.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldKnowTheKeysOfAnExecution() {
    byte[] row = ByteBuffer.allocate(17).put(execution.hash16()).array();
    byte[] timer = ByteBuffer.allocate(37).putLong(1).put(execution.hash16()).array();

    assertThat(counts(ARN)).isTrue();
    assertThat(counts(ARN + "#000000000001")).isTrue();
    assertThat(records.isOfExecution(row)).isTrue();
    assertThat(records.isOfExecution(timer)).isTrue();
  }

  @Test
  void shouldNotTakeOthersForIt() {
    byte[] other = ByteBuffer.allocate(37).putLong(1).array();

    assertThat(counts(ARN + "-and-more")).isFalse();
    assertThat(counts(ARN.substring(1))).isFalse();
    assertThat(records.isOfExecution(other)).isFalse();
    assertThat(records.isOfExecution(null)).isFalse();
  }
}
