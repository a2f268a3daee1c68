/**
 * The rows of the coordinator's two stores and their keys.
 *
 * <p>Invariants. All rows of an execution share the 16-byte hash of its ARN as prefix, so a bounded
 * prefix scan is one execution; the header holds the full ARN and is compared, so a collision is
 * never silent. Payloads are rows of their own and are written only when they change. A change of a
 * key layout is a migration of every installation.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.store;
