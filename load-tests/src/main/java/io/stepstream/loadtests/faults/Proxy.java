package io.stepstream.loadtests.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between the clients of one party and one listener of a broker, and does to their
 * connections what networks do. On the loopback address. Thread safe.
 */
final class Proxy implements AutoCloseable {

  /** What becomes of the bytes. */
  sealed interface Line {
    /** They pass. */
    record Open() implements Line {}

    /** They pass, each read of them so much later. */
    record Slow(Duration by) implements Line {}

    /** Connections are reset, new ones too. */
    record Cut() implements Line {}

    /**
     * Nobody is told anything: connections stand, new ones are taken, and nothing arrives until the
     * line is open again, as with lost packets that are sent once more.
     *
     * @param requests whether those of clients are held
     * @param answers whether those of brokers are
     */
    record Held(boolean requests, boolean answers) implements Line {}
  }

  static final Line OPEN = new Line.Open();
  static final Line CUT = new Line.Cut();
  static final Line HELD = new Line.Held(true, true);
  static final Line DEAF = new Line.Held(false, true);

  private static final int BUFFER_BYTES = 16_384;

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Object changed = new Object();
  private volatile Line line = OPEN;

  private Proxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /**
   * @param port where clients come; 0: any free one
   * @param target the port of the broker's listener
   */
  static Proxy start(int port, int target) {
    try {
      ServerSocket server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      Proxy proxy = new Proxy(server, target);
      Thread.ofVirtual().name("proxy-" + proxy.port()).start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("a proxy can't listen on port " + port, e);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  void set(Line next) {
    synchronized (changed) {
      line = next;
      changed.notifyAll();
    }
    if (next instanceof Line.Cut) {
      reset();
    }
  }

  /** Ends all connections there are, as a reset. */
  void reset() {
    sockets.forEach(Proxy::abort);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (line instanceof Line.Cut) {
          abort(client);
        } else {
          Thread.ofVirtual().start(() -> connect(client));
        }
      } catch (IOException _) {
        // Closed, or a client that was gone before it was taken.
      }
    }
  }

  private void connect(Socket client) {
    sockets.add(client);
    Socket broker = new Socket();
    sockets.add(broker);
    try {
      awaitPassage(true);
      broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      broker.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      Thread answers = Thread.ofVirtual().start(() -> pump(broker, client, false));
      pump(client, broker, true);
      answers.join();
    } catch (IOException _) {
      // The broker is away: who asks sees a reset.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      abort(client);
      abort(broker);
      sockets.remove(client);
      sockets.remove(broker);
    }
  }

  private void pump(Socket from, Socket to, boolean requests) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int count;
      while ((count = in.read(buffer)) >= 0) {
        awaitPassage(requests);
        if (line instanceof Line.Slow(Duration by)) {
          Thread.sleep(by);
        }
        out.write(buffer, 0, count);
      }
    } catch (IOException _) {
      // Either side is gone.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    // The other direction ends too: neither side of Kafka's protocol goes on alone.
    abort(from);
    abort(to);
  }

  private void awaitPassage(boolean requests) throws InterruptedException {
    synchronized (changed) {
      while (line instanceof Line.Held held && (requests ? held.requests() : held.answers())) {
        changed.wait();
      }
    }
  }

  private static void abort(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException _) {
      // It is closed.
    }
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing a proxy", e);
    }
    set(CUT);
  }
}
