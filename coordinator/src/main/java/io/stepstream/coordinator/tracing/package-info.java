/**
 * Spans of executions, made of the history by those who follow it (ADR 0066). Nothing of it is in
 * the way of a step: what is late or lost here are spans.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.tracing;
