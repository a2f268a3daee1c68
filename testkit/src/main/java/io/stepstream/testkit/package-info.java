/**
 * Tests of state machines in milliseconds: load a definition, say what its tasks answer, run it by
 * a simulated clock and look at what came out. The language is executed by the very core that the
 * coordinator runs, so a test tells what production would do.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.testkit;
