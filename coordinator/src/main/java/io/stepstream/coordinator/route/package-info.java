/** Which queue a task goes to. */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.route;
