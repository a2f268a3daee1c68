/**
 * The logs of executions that AWS writes to CloudWatch Logs, as a machine's loggingConfiguration
 * asks for them: here a topic, and the standard output of coordinators.
 *
 * <p>Entries are made in the step that they tell of and written with it, so one tells of what was
 * committed (ADR 0065). They are bounded, whatever the payloads are, and have none of a machine
 * that names a key of encryption.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.executionlog;
