package io.stepstream.asl.expr;

/**
 * The end of one evaluation. Expressions run on the thread that executes everybody's state
 * machines: one which doesn't end would stop them all, and its record would stop the next instance
 * too.
 *
 * <p>The only class of the language that asks a clock. A replay may hence fail where the first run
 * didn't, but only an expression that is near the bound. Not thread safe.
 */
final class Deadline {

  /** Time for one evaluation; real ones take microseconds. */
  private static final long BUDGET_NANOS = 250_000_000L;

  /** Asking the clock costs more than evaluating a node. */
  private static final int CALLS_PER_LOOK = 256;

  private final long end;
  private int calls;

  private Deadline(long end) {
    this.end = end;
  }

  static Deadline start() {
    return new Deadline(System.nanoTime() + BUDGET_NANOS);
  }

  /** Cheap enough for inner loops. Throws {@link JsonataFault} after the end. */
  void check() {
    if (++calls >= CALLS_PER_LOOK) {
      calls = 0;
      if (System.nanoTime() - end > 0) {
        throw JsonataFault.timeout();
      }
    }
  }
}
