package io.stepstream.dev.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One address before several nodes, as a Service of Kubernetes: a new connection goes to one of
 * those that said at the latest look that they are ready, in turn. What is sent over a connection
 * is not looked at, and a connection stays with its node until one side closes it.
 */
final class ReadyNodes implements AutoCloseable {

  /** A node that stops says so for two seconds before it refuses anything. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private final List<Node> nodes;
  private final Set<Node> ready = ConcurrentHashMap.newKeySet();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger turns = new AtomicInteger();
  private final ServerSocket listener;
  private final ExecutorService connections = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();

  ReadyNodes(List<Node> nodes) throws IOException {
    this.nodes = nodes;
    this.ready.addAll(nodes);
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    connections.submit(this::accept);
    for (Node node : nodes) {
      watch.scheduleWithFixedDelay(() -> look(node), 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  private void look(Node node) {
    try {
      if (node.isReady()) {
        ready.add(node);
      } else {
        ready.remove(node);
      }
    } catch (Exception _) {
      ready.remove(node);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        connections.submit(() -> connect(client));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private void connect(Socket client) {
    open.add(client);
    List<Node> candidates = nodes.stream().filter(ready::contains).toList();
    if (candidates.isEmpty()) {
      close(client);
      return;
    }
    Node node = candidates.get(Math.floorMod(turns.getAndIncrement(), candidates.size()));
    Socket server = new Socket();
    open.add(server);
    try {
      server.connect(new InetSocketAddress("127.0.0.1", node.uri("/").getPort()), 1_000);
      connections.submit(() -> copy(server, client));
      copy(client, server);
    } catch (IOException _) {
      close(client);
      close(server);
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException _) {
      // The other side sees the same by the end of its own.
    } finally {
      close(from);
      close(to);
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    watch.shutdownNow();
    listener.close();
    open.forEach(this::close);
    connections.close();
  }
}
