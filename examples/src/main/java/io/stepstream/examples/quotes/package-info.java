/** The task handler of the price quote example: a pure function of its input. */
@org.jspecify.annotations.NullMarked
package io.stepstream.examples.quotes;
