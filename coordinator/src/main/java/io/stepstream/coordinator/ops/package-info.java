/**
 * What an operator asks a running coordinator: does it live, can it serve, what is it.
 *
 * <p>Liveness says only that the process answers. A coordinator that restores state or has lost its
 * broker is not ready, and a restart would only make it start from scratch.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.ops;
