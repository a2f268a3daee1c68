package io.stepstream.loadtests.faults;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** How much the children log. */
final class Quiet {

  /** Held, because a logger that nobody refers to forgets its level. */
  private static final List<Logger> LOGGERS = List.of(Logger.getLogger(""));

  private Quiet() {}

  static void warningsOnly() {
    LOGGERS.forEach(logger -> logger.setLevel(Level.WARNING));
  }
}
