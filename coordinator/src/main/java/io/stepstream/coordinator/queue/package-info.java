/** Task queues as operators see them: their limits, what waits in them, and who works on them. */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.queue;
