package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class ProxyTest {

  private ServerSocket server;
  private Proxy proxy;

  /** Answers each byte by the next one. */
  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              while (!server.isClosed()) {
                try {
                  Socket socket = server.accept();
                  Thread.ofVirtual().start(() -> answer(socket));
                } catch (IOException _) {
                  // Closed.
                }
              }
            });
    proxy = Proxy.start(0, server.getLocalPort());
  }

  private static void answer(Socket socket) {
    try (socket) {
      int in;
      while ((in = socket.getInputStream().read()) >= 0) {
        socket.getOutputStream().write(in + 1);
      }
    } catch (IOException _) {
      // The other side is gone.
    }
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(5_000);
    return socket;
  }

  private static int ask(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
    return socket.getInputStream().read();
  }

  @Test
  void shouldPassBytesBothWays() throws IOException {
    try (Socket socket = connect()) {
      assertThat(ask(socket, 7)).isEqualTo(8);
      assertThat(ask(socket, 8)).isEqualTo(9);
    }
  }

  @Test
  void shouldResetConnectionsThatThereAreAndThoseThatCome() throws IOException {
    try (Socket socket = connect()) {
      assertThat(ask(socket, 1)).isEqualTo(2);
      proxy.set(Proxy.CUT);
      assertEnds(socket);
    }
    try (Socket socket = connect()) {
      assertEnds(socket);
    }
    proxy.set(Proxy.OPEN);
    try (Socket socket = connect()) {
      assertThat(ask(socket, 1)).isEqualTo(2);
    }
  }

  /** As a reset, or as an end where the reset was read as one. */
  private static void assertEnds(Socket socket) {
    int read;
    try {
      read = ask(socket, 1);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("it is silent", e);
    } catch (IOException _) {
      return;
    }
    assertThat(read).isEqualTo(-1);
  }

  @Test
  void shouldHoldBackWithoutAWordAndDeliverLater() throws IOException {
    try (Socket before = connect()) {
      assertThat(ask(before, 1)).isEqualTo(2);
      proxy.set(Proxy.HELD);
      try (Socket after = connect()) {
        assertSilent(before);
        assertSilent(after);
        proxy.set(Proxy.OPEN);
        assertThat(before.getInputStream().read()).isEqualTo(6);
        assertThat(after.getInputStream().read()).isEqualTo(6);
      }
    }
  }

  @Test
  void shouldHoldBackAnswersAlone() throws IOException {
    try (Socket socket = connect()) {
      assertThat(ask(socket, 1)).isEqualTo(2);
      proxy.set(Proxy.DEAF);
      assertSilent(socket);
      proxy.set(Proxy.OPEN);
      assertThat(socket.getInputStream().read()).isEqualTo(6);
    }
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(200);
    assertThatThrownBy(() -> ask(socket, 5)).isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(5_000);
  }

  @Test
  void shouldBeSlow() throws IOException {
    proxy.set(new Proxy.Line.Slow(Duration.ofMillis(50)));
    try (Socket socket = connect()) {
      long begin = System.nanoTime();
      assertThat(ask(socket, 1)).isEqualTo(2);
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }
  }

  @Test
  void shouldResetWhoComesWhileTheBrokerIsAway() throws IOException {
    server.close();
    try (Socket socket = connect()) {
      assertEnds(socket);
    }
  }
}
