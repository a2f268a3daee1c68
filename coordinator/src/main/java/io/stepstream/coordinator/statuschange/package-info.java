/** Changes of executions' statuses in the shape that AWS gives them for EventBridge (ADR 0065). */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.statuschange;
