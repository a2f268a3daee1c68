/** The examples on a real stack, and what they need around them. */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.examples;
