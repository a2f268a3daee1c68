/**
 * Runs executions recorded from AWS through a whole stack: the API, Kafka, a coordinator and a
 * worker. How they are compared is testkit's, as for those in memory.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.conformance;
