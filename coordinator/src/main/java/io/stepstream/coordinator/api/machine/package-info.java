/** The actions on state machines. */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.api.machine;
