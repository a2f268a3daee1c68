package io.stepstream.asl.engine;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the rows of frames at the end of a step, as effects: rows are written when they
 * have changed, and removed with their frames. Whoever worked on, or waited before, an attempt that
 * the step has left behind is told. Not thread safe; lives for the end of one step.
 */
final class RowChanges {

  private final Payload payload;
  private final long nowMillis;
  private final boolean closed;
  private final boolean beganInFirstState;
  private final boolean endsInFirstState;
  private final List<Effect> decided;

  /**
   * @param closed whether the execution has ended in the step
   * @param beganInFirstState whether the root was in its first state when the step began, and so
   *     had no row for its input; see {@link Step#inFirstState}
   * @param endsInFirstState whether it still is, or has just come to it
   * @param decided where the effects go
   */
  RowChanges(
      Payload payload,
      long nowMillis,
      boolean closed,
      boolean beganInFirstState,
      boolean endsInFirstState,
      List<Effect> decided) {
    this.payload = payload;
    this.nowMillis = nowMillis;
    this.closed = closed;
    this.beganInFirstState = beganInFirstState;
    this.endsInFirstState = endsInFirstState;
    this.decided = decided;
  }

  /** Writes what has changed of a strand that stays. */
  void persist(Strand strand) {
    Awaits awaits = strand.awaits;
    if (awaits == null) {
      throw new IllegalStateException(
          "frame " + strand.id + " at " + strand.state.name() + " waits for nothing");
    }
    Frame frame = strand.toFrame(awaits);
    if (!frame.equals(strand.persisted)) {
      decided.add(new Effect.PutFrame(frame));
      withdraw(strand.persisted, frame);
    }
    if (closed || strand.epoch != epochBefore(strand) || !(awaits instanceof Awaits.Task)) {
      abandon(strand);
    }
    if (strand.inputChanged && !(strand.root() && endsInFirstState)) {
      put(ValueKey.input(strand.id), Objects.requireNonNull(strand.input));
    }
    if (strand.variablesChanged) {
      put(ValueKey.variables(strand.id), Objects.requireNonNull(strand.ownVariables));
    }
    if (strand.items != null) {
      switch (awaits) {
        case Awaits.Items window ->
            putChunks(strand.items, window.container(), window.itemsPerChunk());
        case Awaits.MapRun run when run.source() instanceof Awaits.MapRun.Stored stored ->
            putChunks(strand.items, run.container(), stored.itemsPerChunk());
        default -> {}
      }
    }
    if (!strand.results.isEmpty()) {
      long container = ChildRows.container(awaits);
      strand.results.forEach((index, result) -> put(ValueKey.result(container, index), result));
    }
  }

  /** Removes what rows a frame had when the step began. */
  void erase(Strand strand) {
    Frame frame = strand.persisted;
    if (frame == null) {
      return;
    }
    decided.add(new Effect.DeleteFrame(frame.id()));
    withdraw(frame, null);
    abandon(strand);
    if (!strand.root() || !beganInFirstState) {
      decided.add(new Effect.DeleteValue(ValueKey.input(frame.id())));
    }
    if (frame.hasVariables()) {
      decided.add(new Effect.DeleteValue(ValueKey.variables(frame.id())));
    }
    ChildRows.erase(frame, decided);
    FarTimers.cancel(frame, nowMillis, decided);
  }

  private void putChunks(List<?> items, long container, int itemsPerChunk) {
    for (int from = 0, chunk = 0; from < items.size(); from += itemsPerChunk) {
      int to = Math.min(items.size(), from + itemsPerChunk);
      put(ValueKey.items(container, chunk++), items.subList(from, to));
    }
  }

  private void put(ValueKey key, Object tree) {
    decided.add(new Effect.PutValue(key, payload.encode(tree)));
  }

  private static int epochBefore(Strand strand) {
    return strand.persisted == null ? strand.epoch : strand.persisted.epoch();
  }

  /** Whoever works on the attempt that a frame has waited for may stop. */
  private void abandon(Strand strand) {
    Frame before = strand.persisted;
    if (before != null
        && !strand.told
        && before.awaits() instanceof Awaits.Task task
        && task.offeredMillis() == null) {
      decided.add(new Effect.Abandon(before.id(), before.epoch(), task.resource()));
    }
  }

  /** What was before the workers of an activity is withdrawn, unless it still is. */
  private void withdraw(@Nullable Frame before, @Nullable Frame after) {
    if (before != null
        && before.awaits() instanceof Awaits.Task task
        && task.offeredMillis() != null
        && !(after != null
            && after.epoch() == before.epoch()
            && after.awaits() instanceof Awaits.Task same
            && same.offeredMillis() != null)) {
      decided.add(
          new Effect.Withdraw(task.resource(), before.id(), before.epoch(), task.offeredMillis()));
    }
  }
}
