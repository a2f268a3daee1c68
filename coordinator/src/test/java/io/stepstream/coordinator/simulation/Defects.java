package io.stepstream.coordinator.simulation;

import java.util.EnumSet;
import java.util.Set;

/** Rules that a simulation breaks on purpose. */
final class Defects {

  /** A rule that the engine's guarantees rest on, broken, to prove that a simulation notices. */
  enum Defect {
    /** Rows are durable at once, whatever becomes of their transaction. */
    STORE_OUTSIDE_TRANSACTION,
    /** Who has lost a partition may commit for it. */
    NO_FENCING,
    /** Offsets are committed before what follows from the records. */
    OFFSETS_FIRST,
    /** A result counts for the attempt that waits, not for the one it is of. */
    NO_EPOCHS,
    /** Callers hear of a step before its transaction is committed. */
    REPLIES_FIRST,
    /** The buffer before the timers is not flushed with the commit. */
    TIMERS_NOT_FLUSHED,
    /** A worker acknowledges its order before it has published the result. */
    ACKNOWLEDGED_FIRST,
    /** Express: rows are written one by one, without a journal. */
    NO_JOURNAL,
    /** Express: rows are written before the records that they follow from are with the brokers. */
    ROWS_FIRST,
    /** Express: who may have been replaced writes its rows. */
    ZOMBIES_WRITE,
    /** A name is given where new executions live, without asking where older ones do. */
    NAMES_NOT_ASKED_FOR
  }

  static final Defects NONE = new Defects(EnumSet.noneOf(Defect.class));

  private final Set<Defect> defects;

  private Defects(Set<Defect> defects) {
    this.defects = defects;
  }

  static Defects of(Defect defect) {
    return new Defects(EnumSet.of(defect));
  }

  boolean has(Defect defect) {
    return defects.contains(defect);
  }
}
