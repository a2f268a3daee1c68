package io.stepstream.coordinator.node;

import io.stepstream.schemas.topic.Provisioning;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics must be right before anything is read: a wrong number of partitions would make executions
 * unreachable.
 */
final class Provisioned {

  private static final Logger LOG = LoggerFactory.getLogger(Provisioned.class);

  private Provisioned() {}

  /**
   * @throws IllegalStateException with what is wrong and how to mend it
   */
  static void require(Provisioning provisioning) {
    switch (provisioning) {
      case Provisioning.Ready ready -> ready.warnings().forEach(LOG::warn);
      case Provisioning.Refused refused -> throw new IllegalStateException(refused.message());
    }
  }
}
