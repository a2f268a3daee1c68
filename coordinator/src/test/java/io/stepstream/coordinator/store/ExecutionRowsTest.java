package io.stepstream.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.Slot;
import io.stepstream.asl.engine.ValueKey;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.sealing.Seal;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExecutionRowsTest {

  private static final byte[] HASH = new byte[16];

  private final MapStore store = new MapStore();
  private final ExecutionRows rows = new ExecutionRows(store, false, PayloadKeys.NONE);

  @AfterEach
  void noScanIsLeftOpen() {
    assertThat(store.openScans).isEmpty();
  }

  @Test
  void shouldPurgeAContainerInSlicesAndNothingElse() {
    for (int i = 0; i < 450; i++) {
      rows.putValue(HASH, new ValueKey(7, Slot.RESULT, i), new byte[] {1}, Seal.NONE);
    }
    for (int chunk = 0; chunk < 5; chunk++) {
      rows.putValue(HASH, new ValueKey(7, Slot.ITEMS, chunk), new byte[] {1}, Seal.NONE);
    }
    rows.putValue(HASH, new ValueKey(8, Slot.RESULT, 0), new byte[] {1}, Seal.NONE);
    rows.putValue(HASH, new ValueKey(7, Slot.INPUT, 0), new byte[] {1}, Seal.NONE);

    assertThat(rows.purge(HASH, 7, 200)).isTrue();
    assertThat(store.rows).hasSize(457 - 200);
    assertThat(rows.purge(HASH, 7, 200)).isTrue();
    assertThat(rows.purge(HASH, 7, 200)).isFalse();
    assertThat(store.rows.keySet())
        .containsExactlyInAnyOrder(
            RowKeys.value(HASH, new ValueKey(8, Slot.RESULT, 0)),
            RowKeys.value(HASH, new ValueKey(7, Slot.INPUT, 0)));
  }

  @Test
  void shouldEndWhenExactlyOneSliceIsLeft() {
    for (int i = 0; i < 200; i++) {
      rows.putValue(HASH, new ValueKey(7, Slot.RESULT, i), new byte[] {1}, Seal.NONE);
    }
    assertThat(rows.purge(HASH, 7, 200)).isFalse();
    assertThat(store.rows).isEmpty();
  }

  @Test
  void shouldPurgeEverythingButTheHeaderOfOneExecution() {
    byte[] other = new byte[16];
    Arrays.fill(other, (byte) 1);
    store.put(RowKeys.header(HASH), new byte[] {1});
    store.put(RowKeys.frame(other, 1), new byte[] {1});
    store.put(RowKeys.frame(HASH, 1), new byte[] {1});
    for (Slot slot : Slot.values()) {
      rows.putValue(HASH, new ValueKey(Long.MAX_VALUE, slot, 3), new byte[] {1}, Seal.NONE);
    }
    assertThat(rows.purge(HASH, ExecutionRows.EVERYTHING, 3)).isTrue();
    assertThat(rows.purge(HASH, ExecutionRows.EVERYTHING, 3)).isFalse();
    assertThat(store.rows.keySet())
        .containsExactlyInAnyOrder(RowKeys.header(HASH), RowKeys.frame(other, 1));
  }
}
