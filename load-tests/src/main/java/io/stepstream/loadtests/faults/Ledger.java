package io.stepstream.loadtests.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a worker was asked to do, one line for each time, written before it does anything. A line is
 * one write, so a process that is killed leaves whole lines, but for the last.
 */
final class Ledger implements AutoCloseable {

  private final FileChannel channel;

  private Ledger(FileChannel channel) {
    this.channel = channel;
  }

  /** Goes on behind what earlier lives have written. */
  static Ledger open(Path file) throws IOException {
    return new Ledger(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /**
   * @param attempt names it, as the worker's idempotency keys do
   */
  synchronized void begun(String attempt) {
    try {
      ByteBuffer line = ByteBuffer.wrap((attempt + "\n").getBytes(StandardCharsets.UTF_8));
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing the ledger", e);
    }
  }

  /** The attempts in a ledger, as often as each was begun; none if there is no such file. */
  static List<String> read(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines.filter(line -> !line.isEmpty()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
