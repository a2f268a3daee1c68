/**
 * The commands: {@code run}, {@code dev}, {@code validate}, {@code doctor}, {@code support-bundle},
 * {@code keys}.
 *
 * <p>Exit codes: 0 succeeded; 1 the execution failed, timed out or was aborted, or the doctor has a
 * warning; 2 the command line, the definition or the environment is at fault.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.cli;
