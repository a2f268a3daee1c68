/**
 * The task handlers of the order fulfilment example.
 *
 * <p>Invariant: they keep nothing in memory between attempts, and their results depend on their
 * input and the number of the attempt only. So they may run anywhere, twice, or again after a
 * worker died.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.examples.orders;
