/** Actions that try definitions out and keep nothing: pure functions of their requests. */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.api.check;
