package io.stepstream.asl.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a frame waits for. */
public sealed interface Awaits {

  /**
   * A worker's answer.
   *
   * @param timeoutMillis when the attempt times out; null: never
   * @param heartbeatSeconds how long the worker may be silent; null: for ever
   */
  record Task(
      String resource,
      @Nullable Long timeoutMillis,
      @Nullable Integer heartbeatSeconds,
      long lastHeartbeatMillis)
      implements Awaits {}

  /** A Wait state's moment. */
  record Time(long untilMillis) implements Awaits {}

  /** The end of a retry's delay; then the state runs again without being entered again. */
  record Retry(long untilMillis) implements Awaits {}

  /** A further step, since this one had used up its transitions; then the state is entered. */
  record Continuation() implements Awaits {}

  /**
   * The branches of a Parallel state; branch i runs in frame {@code container + 1 + i}.
   *
   * @param container an id of its own for each visit of the state, which the result rows are under:
   *     ids never repeat, so rows of an earlier visit that are still being deleted can't meet those
   *     of a later one
   * @param active frames of the branches under way
   */
  record Branches(long container, int count, int completed, List<Long> active) implements Awaits {}

  /**
   * The iterations of an inline Map: a window that moves over the items.
   *
   * @param container as for {@link Branches}; item and result rows are under it
   * @param cursor the next item to start
   * @param itemsPerChunk item i lies in chunk {@code i / itemsPerChunk}
   * @param active frames of the iterations under way, at most {@code maxConcurrency}
   */
  record Items(
      long container,
      int count,
      int cursor,
      int completed,
      int maxConcurrency,
      int itemsPerChunk,
      List<Long> active)
      implements Awaits {}
}
