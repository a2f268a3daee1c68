package io.stepstream.loadtests;

import io.stepstream.dev.Refusal;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The embedded broker in a process of its own, as brokers run: its garbage is not collected in the
 * engine's pauses. Asked, it tells the bytes on the wire.
 */
final class BrokerProcess implements AutoCloseable {

  private final JavaProcess process;

  private BrokerProcess(JavaProcess process) {
    this.process = process;
  }

  /** The broker's own process. */
  static void main(String[] args) throws Exception {
    Logger root = Logger.getLogger("");
    root.setLevel(Level.OFF);
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.in(Path.of(args[0])))) {
      JavaProcess.serve(broker.bootstrapServers(), BrokerWire::line);
    } catch (Refusal e) {
      System.err.println("stepstream: " + e.getMessage());
      System.exit(BenchCommand.REFUSED);
    }
    System.exit(0);
  }

  static BrokerProcess start(Path directory) throws InterruptedException {
    return new BrokerProcess(
        JavaProcess.start("The broker", BrokerProcess.class, "512m", directory.toString()));
  }

  String bootstrapServers() {
    return process.ready();
  }

  /**
   * What the broker has received and sent since it began.
   *
   * @throws BenchFailure if its process has ended
   */
  WireBytes wire() {
    return BrokerWire.parse(process.ask());
  }

  double cpuSeconds() {
    return process.cpuSeconds();
  }

  @Override
  public void close() {
    process.close();
  }
}
