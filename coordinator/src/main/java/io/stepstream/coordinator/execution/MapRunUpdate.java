package io.stepstream.coordinator.execution;

/** What became of a change of a Map run. */
public enum MapRunUpdate {
  UPDATED,
  NO_SUCH_MAP_RUN,
  /** It has ended; nothing has changed. */
  ENDED
}
