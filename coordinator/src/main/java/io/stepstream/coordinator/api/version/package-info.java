/** The actions on versions and aliases of state machines. */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.api.version;
