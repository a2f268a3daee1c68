package io.stepstream.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExecutionKeyTest {

  /** From {@code printf %s ARN | sha256sum}: the placement is part of the storage format. */
  private static final String ARN = "arn:aws:states:eu-central-1:123456789012:execution:orders:o-3";

  private static final String SHA_256_PREFIX = "958b949a4bf07cc8f3dcd3b0de72f1fc";

  @Test
  void shouldTakeThePrefixOfTheDigestAsRowPrefix() {
    ExecutionKey key = ExecutionKey.of(ARN);
    ByteBuffer row = ByteBuffer.allocate(17);
    key.putHash16(row);

    assertThat(HexFormat.of().formatHex(key.hash16())).isEqualTo(SHA_256_PREFIX);
    assertThat(row.position()).isEqualTo(ExecutionKey.HASH_LENGTH);
    assertThat(row.flip()).isEqualTo(ByteBuffer.wrap(key.hash16()));
  }

  @Test
  void shouldTakeTheFirstFourBytesUnsignedModuloThePartitions() {
    long first = Long.parseLong(SHA_256_PREFIX.substring(0, 8), 16);

    assertThat(first).as("would be negative as an int").isGreaterThan(Integer.MAX_VALUE);
    for (int partitions : new int[] {1, 3, 8, 48, 1000}) {
      assertThat(ExecutionKey.of(ARN).partition(partitions)).isEqualTo((int) (first % partitions));
    }
  }

  @Test
  void shouldSpreadExecutionsEvenly() {
    int[] counts = new int[48];
    for (int i = 0; i < 48_000; i++) {
      counts[ExecutionKey.of(ARN + i).partition(48)]++;
    }

    assertThat(IntStream.of(counts).boxed()).allMatch(count -> count > 850 && count < 1150);
  }

  @Test
  void shouldPlaceAChildByTheDigitsOfItsName() {
    String id = "fedcba98-1111-3222-8333-444444444444";
    for (String child :
        new String[] {
          "arn:aws:states:r:1:execution:m/label:" + id,
          "arn:aws:states:r:1:express:m/label:run:" + id
        }) {
      assertThat(ExecutionKey.of(child).partition(1000)).isEqualTo((int) (0xfedcba98L % 1000));
      assertThat(ExecutionKey.of(child).hash16()).isNotEqualTo(ExecutionKey.of(ARN).hash16());
    }
  }

  @Test
  void shouldPlaceAMapRunByTheDigitsOfItsId() {
    String mapRun = "arn:aws:states:r:1:mapRun:m/label:fedcba98-1111-4222-8333-444444444444";

    assertThat(ExecutionKey.isMapRun(mapRun)).isTrue();
    assertThat(ExecutionKey.of(mapRun).partition(1000)).isEqualTo((int) (0xfedcba98L % 1000));
    for (String other :
        new String[] {mapRun + ":standard:7", "arn:aws:states:r:1:mapRun:m/label", "no/arn", ARN}) {
      assertThat(ExecutionKey.isMapRun(other)).as(other).isFalse();
    }
  }

  @Test
  void shouldPlaceWhatOnlyLooksLikeAChildByItsDigest() {
    String odd = "arn:aws:states:r:1:execution:m/label:zz";
    String slashOnly = "no/arn";
    String namedSo = "arn:aws:states:r:1:mapRun:execution/express:fedcba98-1111:express:7";
    String shard = "arn:aws:states:r:1:mapRun:m/label:fedcba98-1111:standard:7";
    String ofExpress = "arn:aws:states:r:1:mapRun:m/label:fedcba98-1111:express:7";

    for (String arn : new String[] {odd, slashOnly, namedSo, shard, ofExpress}) {
      assertThat(ExecutionKey.isChild(arn)).isEqualTo(arn.equals(odd));
      ExecutionKey key = ExecutionKey.of(arn);
      long first = Integer.toUnsignedLong(ByteBuffer.wrap(key.hash16()).getInt());
      assertThat(key.partition(1000)).isEqualTo((int) (first % 1000));
    }
  }

  @Test
  void shouldNotLeakTheDigest() {
    ExecutionKey key = ExecutionKey.of(ARN);
    key.hash16()[0]++;

    assertThat(key).isEqualTo(ExecutionKey.of(ARN));
    assertThat(HexFormat.of().formatHex(key.hash16())).isEqualTo(SHA_256_PREFIX);
  }

  @Test
  void shouldRefuseNoPartitions() {
    assertThatThrownBy(() -> ExecutionKey.of(ARN).partition(0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
