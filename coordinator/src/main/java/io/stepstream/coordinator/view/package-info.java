/**
 * Views of what has happened, apart from the coordinator's state: they can lag, be rebuilt and be
 * moved without touching an execution.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.view;
