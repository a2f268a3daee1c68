package io.stepstream.asl.simulation;

import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.ExecutionView;
import io.stepstream.asl.engine.Frame;
import io.stepstream.asl.engine.Slot;
import io.stepstream.asl.engine.ValueKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of one execution in maps; what the coordinator has in a store. */
public final class InMemoryRows implements ExecutionView {

  private @Nullable Execution execution;
  private final Map<Long, Frame> frames = new HashMap<>();
  private final Map<ValueKey, byte[]> values = new HashMap<>();

  @Override
  public @Nullable Execution execution() {
    return execution;
  }

  @Override
  public @Nullable Frame frame(long frameId) {
    return frames.get(frameId);
  }

  @Override
  public byte @Nullable [] value(ValueKey key) {
    return values.get(key);
  }

  /** Puts and deletes rows; effects that concern no row change nothing. */
  public void apply(Effect effect) {
    switch (effect) {
      case Effect.PutExecution(Execution changed) -> execution = changed;
      case Effect.PutFrame(Frame frame) -> frames.put(frame.id(), frame);
      case Effect.DeleteFrame(long frameId) -> frames.remove(frameId);
      case Effect.PutValue(ValueKey key, byte[] json) -> values.put(key, json);
      case Effect.DeleteValue(ValueKey key) -> values.remove(key);
      case Effect.PurgeValues(long container) ->
          values
              .keySet()
              .removeIf(
                  key ->
                      key.frameId() == container
                          && (key.slot() == Slot.ITEMS || key.slot() == Slot.RESULT));
      case Effect.Vanish _ -> execution = null;
      case Effect.PutMapRun _,
          Effect.Schedule _,
          Effect.Cancel _,
          Effect.Dispatch _,
          Effect.OfJob _,
          Effect.Withdraw _,
          Effect.Abandon _,
          Effect.ReadItems _,
          Effect.WriteObject _,
          Effect.PublishResults _,
          Effect.Send _,
          Effect.Record _,
          Effect.Attempted _,
          Effect.Close _ -> {}
    }
  }

  /** What is there after a restart: equal rows, nothing shared. */
  public InMemoryRows copy() {
    InMemoryRows copy = new InMemoryRows();
    copy.execution = execution;
    copy.frames.putAll(frames);
    values.forEach((key, json) -> copy.values.put(key, json.clone()));
    return copy;
  }

  public Collection<Frame> frames() {
    return frames.values();
  }

  public Collection<byte[]> values() {
    return values.values();
  }

  /** Rows that an ended execution has left behind. */
  public int leftBehind() {
    return frames.size() + values.size();
  }
}
