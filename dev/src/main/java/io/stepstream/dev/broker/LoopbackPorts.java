package io.stepstream.dev.broker;

import io.stepstream.dev.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of the loopback address. */
public final class LoopbackPorts {
  private LoopbackPorts() {}

  /** A port that was free a moment ago; the kernel doesn't hand it out again soon. */
  public static int free() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback address", e);
    }
  }

  /**
   * Refuses when something listens on {@code port} already.
   *
   * @param user what wants the port, for the message: "Kafka", "the API"
   * @param option the command line option that chooses another one
   */
  public static void requireFree(int port, String user, String option) throws Refusal {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new Refusal(
          "Port " + port + " of 127.0.0.1, which " + user + " needs, is in use",
          "Stop the program that listens there or choose another port with " + option,
          e);
    }
  }
}
