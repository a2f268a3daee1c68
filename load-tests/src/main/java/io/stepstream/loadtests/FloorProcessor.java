package io.stepstream.loadtests;

import io.stepstream.coordinator.reply.CommitPacing;
import java.time.Duration;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** One read and one write per record, where a worker takes part; then the record goes on. */
final class FloorProcessor implements Processor<byte[], byte[], byte[], byte[]> {

  private static final Duration TICK = Duration.ofMillis(10);

  private final boolean task;
  private final CommitPacing pacing;

  // Set by init, before any record.
  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<Bytes, byte[]> store;

  FloorProcessor(boolean task, CommitPacing pacing) {
    this.task = task;
    this.pacing = pacing;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> processorContext) {
    context = processorContext;
    if (task) {
      store = processorContext.getStateStore(Floor.STORE);
    }
    processorContext.schedule(
        TICK, PunctuationType.WALL_CLOCK_TIME, _ -> pacing.requestIfDue(context));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (!task) {
      context.forward(record, Floor.COMPLETIONS);
    } else {
      Bytes key = Bytes.wrap(record.key());
      byte[] before = store.get(key);
      store.put(key, record.value());
      if (record.value()[0] == Floor.START) {
        context.forward(record.withKey(null), Floor.TASKS);
      } else {
        requireSame(before, record.value());
        context.forward(record, Floor.COMPLETIONS);
      }
    }
    pacing.stepped(context);
  }

  /** What was read is used, so that no reading can be saved. */
  private static void requireSame(byte[] before, byte[] after) {
    if (before == null || !Arrays.equals(before, 1, before.length, after, 1, after.length)) {
      throw new IllegalStateException("a result doesn't belong to its start");
    }
  }
}
