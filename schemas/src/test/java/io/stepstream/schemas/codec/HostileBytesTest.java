package io.stepstream.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.SampleRecords;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Decoded.Unreadable;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever somebody writes to a topic, decoding ends with a value and modest memory. */
class HostileBytesTest {

  private static final int ROUNDS = 2_000;

  /** Readers are resolved at the first record of an id; nothing of it depends on the input. */
  private static final long ALLOWANCE_BYTES = 1_000_000;

  @ParameterizedTest
  @MethodSource("io.stepstream.schemas.SampleRecords#types")
  void decodingNeverThrowsNorAllocatesMoreThanTheInputAllows(
      Class<? extends SpecificRecordBase> type) {
    fuzz(type);
  }

  private static <T extends SpecificRecordBase> void fuzz(Class<T> type) {
    WireCodec<T> wire = WireCodec.forTopic(type, "topic", SchemaRegistry.bundled());
    RowCodec<T> rows = RowCodec.of(type);
    Random random = new Random(type.getName().hashCode());
    for (int round = 0; round < ROUNDS; round++) {
      T sample = SampleRecords.random(type, round);
      byte[] onWire = mutate(wire.encode(sample), 5, random);
      byte[] inStore = mutate(rows.encode(sample), 10, random);
      long before = allocated();

      Decoded<T> fromWire = wire.decode(onWire);
      Decoded<T> fromStore = rows.decode(inStore);

      assertThat(allocated() - before)
          .as("round %d: %s %s", round, Arrays.toString(onWire), Arrays.toString(inStore))
          .isLessThan(ALLOWANCE_BYTES + 200L * (onWire.length + inStore.length));
      assertThat(fromWire).isNotNull();
      assertThat(fromStore).isNotNull();
    }
  }

  /** Keeps the prefix in most cases, so that the record behind it is reached. */
  private static byte[] mutate(byte[] bytes, int prefix, Random random) {
    byte[] mutated = bytes.clone();
    int from = random.nextInt(8) == 0 ? 0 : Math.min(prefix, bytes.length);
    switch (random.nextInt(4)) {
      case 0 -> mutated = Arrays.copyOf(mutated, from + random.nextInt(bytes.length - from + 1));
      case 1 -> {
        byte[] noise = new byte[from + random.nextInt(64)];
        random.nextBytes(noise);
        System.arraycopy(bytes, 0, noise, 0, from);
        mutated = noise;
      }
      case 2 -> {
        // A huge number somewhere: 0xff... is -2^63 or a length of up to 2^62 in zig-zag.
        int at = from + random.nextInt(bytes.length - from + 1);
        byte[] huge = ByteBuffer.allocate(bytes.length + 9).put(bytes, 0, at).array();
        Arrays.fill(
            huge, at, at + 1 + random.nextInt(9), (byte) (random.nextBoolean() ? 0xfe : 0xff));
        mutated = huge;
      }
      default -> {
        for (int flips = 1 + random.nextInt(4); flips > 0 && from < mutated.length; flips--) {
          mutated[from + random.nextInt(mutated.length - from)] ^= (byte) (1 << random.nextInt(8));
        }
      }
    }
    return mutated;
  }

  @Test
  void shouldNotAllocateForLengthsThatCannotBe() {
    WireCodec<TaskSucceeded> bytes =
        WireCodec.forTopic(TaskSucceeded.class, "topic", SchemaRegistry.bundled());
    byte[] twoGigabytes =
        withTail(bytes.encode(new TaskSucceeded(Payloads.of(""))), 1, 2_000_000_000L);
    WireCodec<HistoryRecord> lists =
        WireCodec.forTopic(HistoryRecord.class, "topic", SchemaRegistry.bundled());
    HistoryRecord record = SampleRecords.random(HistoryRecord.class, 1);
    record.getEvents().clear();
    // Behind the events three nulls, a byte each.
    HistoryRecord empty =
        HistoryRecord.newBuilder(record)
            .setTraceHeader(null)
            .setMapRunArn(null)
            .setRedrive(null)
            .build();
    byte[] twoBillionEvents = withTail(lists.encode(empty), 4, 2_000_000_000L);
    bytes.decode(bytes.encode(new TaskSucceeded(Payloads.of(""))));
    lists.decode(lists.encode(empty));
    long before = allocated();

    assertThat(bytes.decode(twoGigabytes)).isInstanceOf(Unreadable.class);
    assertThat(lists.decode(twoBillionEvents)).isInstanceOf(Unreadable.class);

    assertThat(allocated() - before).isLessThan(ALLOWANCE_BYTES);
  }

  /** Replaces the last bytes by a number in Avro's zig-zag encoding. */
  private static byte[] withTail(byte[] bytes, int replaced, long number) {
    ByteBuffer out = ByteBuffer.allocate(bytes.length + 10).put(bytes, 0, bytes.length - replaced);
    long zigZag = number << 1;
    while (zigZag > 0x7f) {
      out.put((byte) (zigZag & 0x7f | 0x80));
      zigZag >>>= 7;
    }
    out.put((byte) zigZag);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
