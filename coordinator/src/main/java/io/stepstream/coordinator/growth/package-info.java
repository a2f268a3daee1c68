/**
 * Over how many partitions executions are spread, and more of them (ADR 0074).
 *
 * <p>Invariants: the topic of layouts has every number that any execution was ever placed by, in
 * the order in which they came; a number is in it before the first execution is placed by it; the
 * partitions are there before the number is.
 */
@NullMarked
package io.stepstream.coordinator.growth;

import org.jspecify.annotations.NullMarked;
