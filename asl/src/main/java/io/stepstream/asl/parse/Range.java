package io.stepstream.asl.parse;

import org.jspecify.annotations.Nullable;

/**
 * The values that a number of a definition may have, both ends included.
 *
 * @param integer false: fractions are allowed
 */
record Range(Number least, @Nullable Number most, boolean integer) {

  /** AWS's "no limit" of seconds, attempts and delays. */
  static final int UNBOUNDED = 99_999_999;

  static Range integer(int least, int most) {
    return new Range(least, most, true);
  }

  static Range integerFrom(int least) {
    return new Range(least, null, true);
  }

  static Range decimal(double least, @Nullable Double most) {
    return new Range(least, most, false);
  }
}
