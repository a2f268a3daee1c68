package io.stepstream.loadtests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own for a part of the engine. It says {@code ready} and an argument when it is, and
 * then answers each line of its standard input by a line. It ends when its standard input does, so
 * it doesn't outlive who started it. Thread safe.
 */
final class JavaProcess implements AutoCloseable {

  private static final String READY = "ready ";
  private static final int LONGEST_STOP_SECONDS = 10;

  private final String name;
  private final Process process;
  private final BufferedReader out;
  private final String ready;

  private JavaProcess(String name, Process process, BufferedReader out, String ready) {
    this.name = name;
    this.process = process;
    this.out = out;
    this.ready = ready;
  }

  /**
   * Returns when it is ready.
   *
   * @param name for messages, as "The broker"
   * @param heap for instance 384m
   */
  static JavaProcess start(String name, Class<?> main, String heap, String... args)
      throws InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + heap,
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(args));
    try {
      Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      String line = out.readLine();
      if (line == null || !line.startsWith(READY)) {
        process.destroy();
        throw new BenchFailure(
            "%s's process ended with exit code %d before it was ready"
                .formatted(name, process.waitFor()));
      }
      return new JavaProcess(name, process, out, line.substring(READY.length()));
    } catch (IOException e) {
      throw new UncheckedIOException("starting the process of " + name, e);
    }
  }

  /** What the other side does: tells that it is ready, then answers until nobody asks any more. */
  static void serve(String ready, Callable<String> answer) throws Exception {
    System.out.println(READY + ready);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      System.out.println(answer.call());
    }
  }

  /** What it said beside being ready. */
  String ready() {
    return ready;
  }

  /**
   * One question, one answer.
   *
   * @throws BenchFailure if the process has ended
   */
  synchronized String ask() {
    try {
      Writer in = process.outputWriter(StandardCharsets.UTF_8);
      in.write('\n');
      in.flush();
      String line = out.readLine();
      if (line != null) {
        return line;
      }
    } catch (IOException e) {
      throw new BenchFailure("%s's process can't be asked: %s".formatted(name, e.getMessage()), e);
    }
    throw new BenchFailure(name + "'s process has ended");
  }

  long pid() {
    return process.pid();
  }

  /** CPU time of all its threads since it began. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException _) {
      // It has ended already.
    }
    try {
      if (!process.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
