/**
 * Executions that a Task state starts, {@code states:startExecution}: what its arguments say and
 * what it is told.
 */
@NullMarked
package io.stepstream.asl.nested;

import org.jspecify.annotations.NullMarked;
