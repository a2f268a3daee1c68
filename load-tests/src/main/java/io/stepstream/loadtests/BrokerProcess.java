package io.stepstream.loadtests;

import io.stepstream.dev.Refusal;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The embedded broker in a process of its own, as brokers run: its garbage is not collected in the
 * engine's pauses. It answers each line of its standard input by a line that tells the bytes on the
 * wire. It ends when its standard input does, so it doesn't outlive who started it.
 */
final class BrokerProcess implements AutoCloseable {

  private static final String READY = "ready ";
  private static final int LONGEST_STOP_SECONDS = 10;

  private final Process process;
  private final BufferedReader out;
  private final String bootstrapServers;

  private BrokerProcess(Process process, BufferedReader out, String bootstrapServers) {
    this.process = process;
    this.out = out;
    this.bootstrapServers = bootstrapServers;
  }

  /** The broker's own process. */
  static void main(String[] args) throws Exception {
    Logger root = Logger.getLogger("");
    root.setLevel(Level.OFF);
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.in(Path.of(args[0])))) {
      System.out.println(READY + broker.bootstrapServers());
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      while (in.readLine() != null) {
        System.out.println(BrokerWire.line());
      }
    } catch (Refusal e) {
      System.err.println("stepstream: " + e.getMessage());
      System.exit(BenchCommand.REFUSED);
    }
    System.exit(0);
  }

  static BrokerProcess start(Path directory) throws InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms512m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-cp",
            System.getProperty("java.class.path"),
            BrokerProcess.class.getName(),
            directory.toString());
    try {
      Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      String line = out.readLine();
      if (line == null || !line.startsWith(READY)) {
        process.destroy();
        throw new BenchFailure(
            "The broker's process ended with exit code %d before it was ready"
                .formatted(process.waitFor()));
      }
      return new BrokerProcess(process, out, line.substring(READY.length()));
    } catch (IOException e) {
      throw new UncheckedIOException("starting the broker's process", e);
    }
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  /**
   * What the broker has received and sent since it began.
   *
   * @throws BenchFailure if its process has ended
   */
  synchronized WireBytes wire() {
    try {
      Writer in = process.outputWriter(StandardCharsets.UTF_8);
      in.write('\n');
      in.flush();
      String line = out.readLine();
      if (line != null) {
        return BrokerWire.parse(line);
      }
    } catch (IOException e) {
      throw new BenchFailure("The broker's process can't be asked: " + e.getMessage(), e);
    }
    throw new BenchFailure("The broker's process has ended");
  }

  ProcessHandle handle() {
    return process.toHandle();
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
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
