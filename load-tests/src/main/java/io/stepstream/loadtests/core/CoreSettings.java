package io.stepstream.loadtests.core;

import org.openjdk.jmh.annotations.Mode;

/**
 * How thoroughly to measure.
 *
 * @param forks fresh JVMs per benchmark, so that one doesn't shape the compiled code of the next;
 *     0: in this JVM, which tells only that the benchmarks run
 * @param warmUpSeconds before what counts
 * @param seconds measured, each by itself
 */
record CoreSettings(Mode mode, int forks, int warmUpSeconds, int seconds) {

  static final CoreSettings FULL = new CoreSettings(Mode.Throughput, 1, 5, 5);

  /** For a first impression: the compilers are hardly done. */
  static final CoreSettings SHORT = new CoreSettings(Mode.Throughput, 1, 2, 2);

  /** One call of each. */
  static final CoreSettings SMOKE = new CoreSettings(Mode.SingleShotTime, 0, 0, 1);
}
