/**
 * Payloads that nobody can read on a broker's disk, in a store or in an index without the key (ADR
 * 0060): {@link io.stepstream.schemas.sealing.SealedFields} says which fields of which records are
 * payloads, {@link io.stepstream.schemas.sealing.Seal} seals them, {@link
 * io.stepstream.schemas.sealing.PayloadKeys} opens them with the keys that a {@link
 * io.stepstream.schemas.sealing.KeyProvider} has.
 *
 * <p>A sealed payload takes the place of the plain one in the same field: it says of itself that it
 * is sealed and by which key, so schemas are the same with and without, and what was sealed before
 * a key was rotated or a machine was changed stays readable. AES-256-GCM, bound to the execution
 * and the field; data keys are wrapped by the named key.
 *
 * <p>Invariants: a key that is missing is a value ({@link
 * io.stepstream.schemas.sealing.SealProblem.KeyMissing}) and passes; what was tampered with is a
 * value too and doesn't. No message and no text of a class here holds a key or a payload.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.schemas.sealing;
