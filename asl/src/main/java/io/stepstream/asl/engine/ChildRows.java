package io.stepstream.asl.engine;

import java.util.List;

/** Which item and result rows a waiting frame owns, and how they go. */
final class ChildRows {

  /**
   * More than these go in slices by the shell: one transaction of 100,000 deletions would starve
   * timers.
   */
  private static final int AT_ONCE = 500;

  private ChildRows() {}

  static void erase(Frame frame, List<Effect> effects) {
    switch (frame.awaits()) {
      case Awaits.Branches branches -> {
        for (int i = 0; i < branches.count(); i++) {
          if (!branches.active().contains(branches.container() + 1 + i)) {
            effects.add(new Effect.DeleteValue(ValueKey.result(branches.container(), i)));
          }
        }
      }
      case Awaits.Items items -> {
        if (items.cursor() > AT_ONCE) {
          effects.add(new Effect.PurgeValues(items.container()));
          return;
        }
        for (int i = 0; i < items.cursor(); i++) {
          effects.add(new Effect.DeleteValue(ValueKey.result(items.container(), i)));
        }
        int chunks = Math.ceilDiv(items.count(), items.itemsPerChunk());
        for (int chunk = 0; chunk < chunks; chunk++) {
          effects.add(new Effect.DeleteValue(ValueKey.items(items.container(), chunk)));
        }
      }
      // How many parts a shard's results have come in is not known here.
      case Awaits.MapRun run -> effects.add(new Effect.PurgeValues(run.container()));
      case Awaits.Task _,
          Awaits.Time _,
          Awaits.Retry _,
          Awaits.Continuation _,
          Awaits.Redrive _,
          Awaits.Shard _ -> {}
    }
  }

  static long container(Awaits awaits) {
    return switch (awaits) {
      case Awaits.Branches branches -> branches.container();
      case Awaits.Items items -> items.container();
      case Awaits.Task _,
          Awaits.Time _,
          Awaits.Retry _,
          Awaits.Continuation _,
          Awaits.Redrive _,
          Awaits.MapRun _,
          Awaits.Shard _ ->
          throw new IllegalStateException("a frame with results waits for no children");
    };
  }
}
