package io.stepstream.coordinator.shell;

import io.stepstream.schemas.topic.ExecutionKey;

/**
 * Whom a message to another partition is for.
 *
 * @param partition of its inbox and peer topic
 */
record Receiver(ExecutionKey key, int partition) {}
