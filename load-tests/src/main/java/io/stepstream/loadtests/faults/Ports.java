package io.stepstream.loadtests.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Ports of the loopback address. */
final class Ports {

  private static final int LONGEST_CONNECT_MILLIS = 500;

  private Ports() {}

  /** Whether somebody listens. */
  static boolean isOpen(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LONGEST_CONNECT_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
