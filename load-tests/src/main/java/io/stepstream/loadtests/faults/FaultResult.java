package io.stepstream.loadtests.faults;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of a fault, of all its times together.
 *
 * @param kills SIGKILLs
 * @param executions started in its time
 * @param longestGap how long a partition stood still at most
 * @param recovery how long it took at most, when all was healed, until each node had started an
 *     execution in each partition and all of them had ended
 * @param skipped why it was not done; null: it was
 */
record FaultResult(
    Fault fault,
    int injections,
    int kills,
    int executions,
    Duration longestGap,
    Duration recovery,
    int violations,
    @Nullable String skipped) {

  static FaultResult none(Fault fault) {
    return new FaultResult(fault, 0, 0, 0, Duration.ZERO, Duration.ZERO, 0, null);
  }

  FaultResult skipped(String why) {
    return new FaultResult(fault, 0, 0, 0, Duration.ZERO, Duration.ZERO, 0, why);
  }

  boolean isSkipped() {
    return skipped != null;
  }

  FaultResult injected(int moreKills, int moreExecutions, Duration gap, Duration back) {
    return new FaultResult(
        fault,
        injections + 1,
        kills + moreKills,
        executions + moreExecutions,
        longer(gap, longestGap),
        longer(back, recovery),
        violations,
        null);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  FaultResult withViolations(int count) {
    return new FaultResult(
        fault, injections, kills, executions, longestGap, recovery, count, skipped);
  }
}
