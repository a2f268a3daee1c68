package io.stepstream.loadtests.faults;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.ExecutionKey;
import org.jspecify.annotations.Nullable;

/**
 * An execution that was asked for.
 *
 * @param name given to nothing else
 * @param during the id of the fault in whose time it was; empty: none
 * @param isAcknowledged false: nobody said that it has begun, so it may or may not
 */
record Start(
    Lane lane,
    String stateMachineArn,
    String name,
    Expected expected,
    String during,
    boolean isAcknowledged) {

  /** Null: Express executions get ARNs that nobody knows beforehand. */
  @Nullable String arn() {
    return lane == Lane.STANDARD ? arn(stateMachineArn, name) : null;
  }

  static String arn(String stateMachineArn, String name) {
    return stateMachineArn.replaceFirst(":stateMachine:", ":execution:") + ":" + name;
  }

  /**
   * A name that leads to the partition.
   *
   * @param prefix of the name
   */
  static String nameIn(int partition, String stateMachineArn, String prefix) {
    for (int i = 0; ; i++) {
      String name = prefix + i;
      if (ExecutionKey.of(arn(stateMachineArn, name)).partition(Cluster.PARTITIONS) == partition) {
        return name;
      }
    }
  }

  Start acknowledged() {
    return new Start(lane, stateMachineArn, name, expected, during, true);
  }
}
