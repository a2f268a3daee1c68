/**
 * What the lanes count of executions and tasks, with the dimensions of AWS's metrics. Cheap where
 * it is called, once for each step: a look into a map and a note in an array. What a step has done
 * counts when its transaction is through, and labels are bounded.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.metrics;
