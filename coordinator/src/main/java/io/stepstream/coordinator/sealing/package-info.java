/**
 * Which payloads are sealed with what: the machines' and activities' encryptionConfiguration (ADR
 * 0060), applied to what coordinators write and read.
 *
 * <p>Invariant: what belongs to an execution of a machine that names a key is never written in the
 * clear. Whoever can't seal it because the key is missing waits.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.sealing;
