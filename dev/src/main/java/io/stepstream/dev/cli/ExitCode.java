package io.stepstream.dev.cli;

/** What the commands exit with. */
final class ExitCode {
  static final int SUCCEEDED = 0;

  /** The execution failed, timed out or was aborted; something is not as it should be. */
  static final int FAILED = 1;

  /** The command line, the definition or the environment is at fault. */
  static final int REFUSED = 2;

  private ExitCode() {}
}
