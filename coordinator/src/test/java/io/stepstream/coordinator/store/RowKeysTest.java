package io.stepstream.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.Slot;
import io.stepstream.asl.engine.TimerKey;
import io.stepstream.asl.engine.ValueKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

/** The layouts byte by byte: whoever changes one must migrate every installation. */
class RowKeysTest {

  private static final String HASH = "00112233445566778899aabbccddeeff";
  private static final byte[] HASH_BYTES = HexFormat.of().parseHex(HASH);

  @Test
  void shouldLayOutTheRowsOfAnExecution() {
    assertThat(hex(RowKeys.header(HASH_BYTES))).isEqualTo(HASH + "00");
    assertThat(hex(RowKeys.frame(HASH_BYTES, 0x0102030405060708L)))
        .isEqualTo(HASH + "01" + "0102030405060708");
    assertThat(hex(RowKeys.value(HASH_BYTES, ValueKey.EXECUTION_INPUT)))
        .isEqualTo(HASH + "02" + "0000000000000000" + "01");
    assertThat(hex(value(7, Slot.INPUT, 0))).isEqualTo(HASH + "02" + "0000000000000007" + "01");
    assertThat(hex(value(7, Slot.VARIABLES, 0))).isEqualTo(HASH + "02" + "0000000000000007" + "02");
    assertThat(hex(value(7, Slot.ITEMS, 258)))
        .isEqualTo(HASH + "03" + "0000000000000007" + "00000102");
    assertThat(hex(value(7, Slot.RESULT, 9999)))
        .isEqualTo(HASH + "04" + "0000000000000007" + "0000270f");
  }

  @Test
  void shouldLayOutTimers() {
    assertThat(
            hex(
                RowKeys.timer(
                    0x18BCFE568D0L, HASH_BYTES, new TimerKey(7, 3, TimerKey.Purpose.TASK_TIMEOUT))))
        .isEqualTo("0000018bcfe568d0" + HASH + "0000000000000007" + "00000003" + "03");
    assertThat(hex(RowKeys.dueFrom(0))).isEqualTo("0000000000000000");
  }

  @Test
  void shouldNeverRenumberThePurposesOfTimers() {
    assertThat(Arrays.stream(TimerKey.Purpose.values()).map(p -> p + "=" + p.code()))
        .containsExactly(
            "WAIT=1",
            "RETRY=2",
            "TASK_TIMEOUT=3",
            "HEARTBEAT=4",
            "CONTINUE=5",
            "EXECUTION_TIMEOUT=6",
            "REPORT=7",
            "WATCH=8",
            "JOB=9");
    assertThat(List.of(TimerRow.RETENTION, TimerRow.PURGE, TimerRow.PARKED))
        .containsExactly(101, 102, 103);
  }

  @Test
  void shouldReadATimerBack() {
    TimerRow row =
        RowKeys.timerRow(RowKeys.timer(1000, HASH_BYTES, -1, 4, 102).get(), new byte[] {1}, 0);
    assertThat(row.dueMillis()).isEqualTo(1000);
    assertThat(row.hash()).isEqualTo(HASH_BYTES);
    assertThat(row.frameId()).isEqualTo(-1);
    assertThat(row.epoch()).isEqualTo(4);
    assertThat(row.purpose()).isEqualTo(TimerRow.PURGE);
    assertThat(row.engineTimer()).isNull();
    TimerKey key = new TimerKey(7, 3, TimerKey.Purpose.RETRY);
    assertThat(RowKeys.timerRow(RowKeys.timer(1000, HASH_BYTES, key).get(), new byte[0], 0))
        .extracting(TimerRow::engineTimer)
        .isEqualTo(key);
  }

  @Test
  void shouldOrderTimersByTimeAndTheLowWaterMarkBeforeAll() {
    List<Bytes> ordered =
        List.of(
            RowKeys.dueFrom(0),
            RowKeys.dueFrom(1),
            RowKeys.timer(1, HASH_BYTES, 9, 9, 103),
            RowKeys.timer(255, HASH_BYTES, 0, 0, 1),
            RowKeys.dueFrom(256),
            RowKeys.timer(256, new byte[16], 0, 0, 1),
            RowKeys.timer(256, HASH_BYTES, 0, 0, 1),
            RowKeys.timer(256, HASH_BYTES, 0, 0, 2),
            RowKeys.timer(256, HASH_BYTES, 0, 1, 1),
            RowKeys.timer(256, HASH_BYTES, 1, 0, 1),
            RowKeys.timer(Long.MAX_VALUE - 1, HASH_BYTES, 1, 0, 1),
            RowKeys.dueFrom(Long.MAX_VALUE));
    assertThat(ordered).isSorted();
  }

  @Test
  void shouldBoundTheRowsOfAContainerAndOfAnExecution() {
    for (Slot slot : List.of(Slot.ITEMS, Slot.RESULT)) {
      byte kind = slot == Slot.ITEMS ? RowKeys.ITEMS : RowKeys.RESULT;
      Bytes from = RowKeys.containerFrom(HASH_BYTES, kind, 7);
      Bytes to = RowKeys.containerTo(HASH_BYTES, kind, 7);
      assertThat(List.of(from, value(7, slot, 0), value(7, slot, Integer.MAX_VALUE), to))
          .isSorted();
      assertThat(value(6, slot, Integer.MAX_VALUE)).isLessThan(from);
      assertThat(value(8, slot, 0)).isGreaterThan(to);
    }
    byte[] next = HASH_BYTES.clone();
    next[14]++;
    assertThat(
            List.of(
                RowKeys.header(HASH_BYTES),
                RowKeys.frame(HASH_BYTES, 0),
                value(0, Slot.INPUT, 0),
                value(Long.MAX_VALUE, Slot.RESULT, Integer.MAX_VALUE),
                RowKeys.last(HASH_BYTES),
                RowKeys.header(next)))
        .isSorted();
  }

  private static Bytes value(long frame, Slot slot, int index) {
    return RowKeys.value(HASH_BYTES, new ValueKey(frame, slot, index));
  }

  private static String hex(Bytes key) {
    return HexFormat.of().formatHex(key.get());
  }
}
