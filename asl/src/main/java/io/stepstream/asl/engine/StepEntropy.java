package io.stepstream.asl.engine;

import io.stepstream.asl.expr.Entropy;

/** SplitMix64, seeded by what the step is: the same step draws the same numbers. */
final class StepEntropy implements Entropy {

  private final long nowMillis;
  private long state;

  StepEntropy(long nowMillis, String executionArn, long nextEventId, long transitions) {
    this.nowMillis = nowMillis;
    long seed = 1125899906842597L;
    for (int i = 0; i < executionArn.length(); i++) {
      seed = 31 * seed + executionArn.charAt(i);
    }
    this.state = seed ^ (nextEventId * 0x9E3779B97F4A7C15L) ^ (transitions << 40);
  }

  @Override
  public long nowMillis() {
    return nowMillis;
  }

  @Override
  public long nextLong() {
    long z = state += 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
