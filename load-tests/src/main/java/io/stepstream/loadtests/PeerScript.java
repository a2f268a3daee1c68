package io.stepstream.loadtests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs peers by their scripts. What a script prints on standard output are figures, and on standard
 * error progress; if it fails, its last line of progress is the reason.
 */
final class PeerScript {

  /** A script stops several processes, each within ten seconds. */
  private static final int LONGEST_STOP_SECONDS = 40;

  private final Path directory;
  private final Duration window;
  private final Duration warmUp;
  private final Consumer<String> progress;

  /**
   * @param directory of the peers
   */
  PeerScript(Path directory, Duration window, Duration warmUp, Consumer<String> progress) {
    this.directory = directory;
    this.window = window;
    this.warmUp = warmUp;
    this.progress = progress;
  }

  /** Runs all works. Never fails: a peer that does has a row that says why. */
  EngineFigures run(Peer peer) throws InterruptedException {
    Process process;
    try {
      process = start(peer);
    } catch (IOException e) {
      return new EngineFigures(peer.label(), Map.of(), "it can't be started: " + e.getMessage());
    }
    // The scripts stop their peers when they are told to end.
    Thread hook = new Thread(() -> stop(process), "peer-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return read(peer, process);
    } finally {
      stop(process);
      forget(hook);
    }
  }

  private Process start(Peer peer) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(directory.resolve(peer.script()).toString());
    command.addAll(List.of("--seconds", Long.toString(window.toSeconds())));
    command.addAll(List.of("--warm-up", Long.toString(warmUp.toSeconds())));
    command.addAll(peer.options());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  private EngineFigures read(Peer peer, Process process) throws InterruptedException {
    LastLine reason = new LastLine(process.errorReader(StandardCharsets.UTF_8));
    Thread errors = Thread.ofVirtual().name("peer-progress").start(reason);
    Map<Work, WorkFigure> figures = new EnumMap<>(Work.class);
    process
        .inputReader(StandardCharsets.UTF_8)
        .lines()
        .forEach(
            line -> {
              progress.accept(peer.label() + ": " + line);
              PeerLine.read(line).ifPresent(read -> figures.put(read.work(), read.figure()));
            });
    int exit = process.waitFor();
    errors.join();
    String failure = null;
    if (exit != 0) {
      failure = reason.text == null ? "it ended with exit code " + exit : reason.text;
    } else if (figures.size() < Work.values().length) {
      failure = "it ended well, but told only of " + figures.size() + " works";
    }
    return new EngineFigures(peer.label(), figures, failure);
  }

  /** Passes progress on; the last line stays. */
  private final class LastLine implements Runnable {

    private final BufferedReader reader;
    // Written by one thread, which is joined before the other one reads.
    private @Nullable String text;

    LastLine(BufferedReader reader) {
      this.reader = reader;
    }

    @Override
    public void run() {
      try (reader) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          progress.accept(line);
          text = line.isBlank() ? text : line.strip();
        }
      } catch (IOException e) {
        throw new UncheckedIOException("reading what a peer's script says", e);
      }
    }
  }

  private static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // We are being shut down, so it is running.
    }
  }
}
