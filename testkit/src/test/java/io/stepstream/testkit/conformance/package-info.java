/** Runs executions recorded from AWS and compares what comes out, event by event. */
@org.jspecify.annotations.NullMarked
package io.stepstream.testkit.conformance;
