/**
 * The commands: {@code run}, {@code dev}, {@code validate}, {@code doctor}.
 *
 * <p>Exit codes: 0 succeeded; 1 the execution failed, timed out or was aborted; 2 the command line,
 * the definition or the environment is at fault.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.cli;
