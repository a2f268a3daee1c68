/** The task handler of the sales totals example: a pure function of a batch of rows. */
@org.jspecify.annotations.NullMarked
package io.stepstream.examples.sales;
