package io.stepstream.loadtests.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of ours, which signals are sent to. Its output goes to a file. Thread safe. */
final class ChildProcess {

  /** What can be sent. */
  enum Signal {
    KILL,
    TERM,
    STOP,
    CONT
  }

  private static final Duration LONGEST_KILL = Duration.ofSeconds(20);

  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * @param log gets standard output and standard error, behind what is in it
   * @param environment beside this process' own
   */
  static ChildProcess start(List<String> command, Map<String, String> environment, Path log) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      return new ChildProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("starting " + command.getFirst(), e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Of a process that has ended. */
  int exitCode() {
    return process.exitValue();
  }

  /** Does nothing to a process that has ended. */
  void signal(Signal signal) throws InterruptedException {
    switch (signal) {
      // Process.destroy would close its standard input as well, which is for orphans (Tether).
      case TERM -> process.toHandle().destroy();
      case KILL -> {
        process.destroyForcibly();
        if (!awaitEnd(LONGEST_KILL)) {
          throw new IllegalStateException("process " + pid() + " outlives its kill");
        }
      }
      case STOP, CONT -> {
        if (process.isAlive()) {
          shell("kill -%s %d".formatted(signal, pid()));
        }
      }
    }
  }

  /** Java has no such signals. The pid is of a child that wasn't waited for, so it is still its. */
  private static void shell(String line) throws InterruptedException {
    try {
      Process shell =
          new ProcessBuilder("/bin/sh", "-c", line)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      shell.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  /** Whether it has ended by then. */
  boolean awaitEnd(Duration longest) throws InterruptedException {
    return process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS);
  }
}
