package io.stepstream.asl.expr;

/**
 * Time and randomness as data. The same step replayed after a crash must draw the same numbers, or
 * its effects would differ from those that already left; so nothing in the language asks a clock or
 * a random generator.
 */
public interface Entropy {

  /** Milliseconds since the epoch, fixed for the whole step. */
  long nowMillis();

  /** The next 64 random bits of this step. */
  long nextLong();
}
