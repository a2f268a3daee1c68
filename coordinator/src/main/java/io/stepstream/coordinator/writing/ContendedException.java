package io.stepstream.coordinator.writing;

import org.apache.kafka.common.KafkaException;

/** Other nodes keep writing the topic; nothing was written here, and later it may be. */
public final class ContendedException extends KafkaException {

  private static final long serialVersionUID = 1;

  ContendedException() {
    super("other nodes keep writing");
  }
}
