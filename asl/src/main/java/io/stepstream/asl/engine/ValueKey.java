package io.stepstream.asl.engine;

/**
 * Names a payload row.
 *
 * @param index the chunk of {@link Slot#ITEMS}, the branch or item of {@link Slot#RESULT}, else 0
 */
public record ValueKey(long frameId, Slot slot, int index) {

  /** The execution's input, under no frame. */
  public static final ValueKey EXECUTION_INPUT = new ValueKey(0, Slot.INPUT, 0);

  /** What the context object tells of the record that has started the execution, under no frame. */
  public static final ValueKey TRIGGER = new ValueKey(0, Slot.TRIGGER, 0);

  static ValueKey input(long frameId) {
    return new ValueKey(frameId, Slot.INPUT, 0);
  }

  static ValueKey variables(long frameId) {
    return new ValueKey(frameId, Slot.VARIABLES, 0);
  }

  static ValueKey items(long frameId, int chunk) {
    return new ValueKey(frameId, Slot.ITEMS, chunk);
  }

  /** Items of a distributed Map's batch that is not full; no chunk of items has that number. */
  static ValueKey carried(long container) {
    return new ValueKey(container, Slot.ITEMS, Integer.MAX_VALUE);
  }

  /** What a Map run knows of a shard that rests; batches and chunks have other numbers. */
  static ValueKey resting(long container, int shard) {
    return new ValueKey(container, Slot.ITEMS, -1 - shard);
  }

  static ValueKey result(long frameId, int index) {
    return new ValueKey(frameId, Slot.RESULT, index);
  }
}
