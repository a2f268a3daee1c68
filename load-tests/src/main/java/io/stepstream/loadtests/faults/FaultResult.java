package io.stepstream.loadtests.faults;

import java.time.Duration;

/**
 * What came of a fault, of all its times together.
 *
 * @param kills SIGKILLs
 * @param executions started in its time
 * @param longestGap how long a partition stood still at most
 * @param recovery how long it took at most, when all was healed, until each node had started an
 *     execution in each partition and all of them had ended
 */
record FaultResult(
    Fault fault,
    int injections,
    int kills,
    int executions,
    Duration longestGap,
    Duration recovery,
    int violations) {

  static FaultResult none(Fault fault) {
    return new FaultResult(fault, 0, 0, 0, Duration.ZERO, Duration.ZERO, 0);
  }

  FaultResult injected(int moreKills, int moreExecutions, Duration gap, Duration back) {
    return new FaultResult(
        fault,
        injections + 1,
        kills + moreKills,
        executions + moreExecutions,
        longer(gap, longestGap),
        longer(back, recovery),
        violations);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  FaultResult withViolations(int count) {
    return new FaultResult(fault, injections, kills, executions, longestGap, recovery, count);
  }
}
