package io.stepstream.asl.engine;

/** The payloads that belong to a frame, each in a row of its own. */
public enum Slot {
  /** The raw input of the current state. */
  INPUT,
  /** The variables which this frame has assigned. */
  VARIABLES,
  /** The context object's Trigger. */
  TRIGGER,
  /** The items of a Map state, in chunks. */
  ITEMS,
  /** The results of branches and items, one row each, so that a completion is O(1). */
  RESULT
}
