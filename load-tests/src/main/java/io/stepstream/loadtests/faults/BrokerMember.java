package io.stepstream.loadtests.faults;

import io.stepstream.dev.broker.LoopbackPorts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A broker and controller. Each party has a listener of its own, which is advertised by the port of
 * a proxy; the brokers among themselves, and the run, go around those.
 */
final class BrokerMember extends Member {

  static final String CONTROLLER = "CONTROLLER";
  private static final String DIRECT = "DIRECT";

  private final int id;
  private final Path directory;
  private final int port = LoopbackPorts.free();
  private final int controllerPort = LoopbackPorts.free();
  private final Map<String, Integer> listeners = new LinkedHashMap<>();
  private final Map<String, Proxy> proxies = new ConcurrentHashMap<>();

  /**
   * @param id from 1
   * @param parties who gets a listener behind a proxy: letters and digits
   */
  BrokerMember(int id, Path scratch, List<String> parties) {
    super("broker-" + id, scratch.resolve("broker-" + id + ".log"));
    this.id = id;
    this.directory = scratch.resolve("broker-" + id);
    for (String party : parties) {
      int listener = LoopbackPorts.free();
      listeners.put(party, listener);
      proxies.put(party, Proxy.start(0, listener));
    }
  }

  int id() {
    return id;
  }

  int port() {
    return port;
  }

  Path directory() {
    return directory;
  }

  /** What stands between this party and this broker. */
  Proxy proxy(String party) {
    return proxies.get(party);
  }

  String voter() {
    return id + "@127.0.0.1:" + controllerPort;
  }

  /** Written before the first start, when all brokers are known. */
  void configure(String clusterId, String voters) {
    Properties p = new Properties();
    p.put(Broker.CLUSTER_ID, clusterId);
    p.put("process.roles", "broker,controller");
    p.put("node.id", String.valueOf(id));
    p.put("controller.quorum.voters", voters);
    p.put("controller.listener.names", CONTROLLER);
    p.put("inter.broker.listener.name", DIRECT);
    List<String> bound = new ArrayList<>();
    List<String> advertised = new ArrayList<>();
    List<String> protocols = new ArrayList<>();
    bound.add(listener(CONTROLLER, controllerPort));
    protocols.add(CONTROLLER + ":PLAINTEXT");
    bound.add(listener(DIRECT, port));
    advertised.add(listener(DIRECT, port));
    protocols.add(DIRECT + ":PLAINTEXT");
    listeners.forEach(
        (party, listener) -> {
          bound.add(listener(party, listener));
          advertised.add(listener(party, proxy(party).port()));
          protocols.add(party + ":PLAINTEXT");
        });
    p.put("listeners", String.join(",", bound));
    p.put("advertised.listeners", String.join(",", advertised));
    p.put("listener.security.protocol.map", String.join(",", protocols));
    p.put("log.dirs", directory.toString());
    p.put("auto.create.topics.enable", "false");
    for (String topic :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      p.put(topic + ".num.partitions", "4");
      p.put(topic + ".replication.factor", "3");
      p.put(topic + ".segment.bytes", String.valueOf(16 << 20));
    }
    p.put("transaction.state.log.min.isr", "2");
    p.put("share.coordinator.state.topic.min.isr", "2");
    p.put("default.replication.factor", "3");
    p.put("min.insync.replicas", "2");
    p.put("group.initial.rebalance.delay.ms", "0");
    // As operators are told to: the default looks for transactions to abort every ten seconds.
    p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    // Small memory, as with the embedded broker.
    p.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
    p.put("log.cleaner.io.buffer.size", String.valueOf(256 << 10));
    p.put("log.segment.bytes", String.valueOf(64 << 20));
    p.put("log.index.size.max.bytes", String.valueOf(1 << 20));
    p.put("num.network.threads", "1");
    p.put("num.io.threads", "4");
    p.put("num.replica.fetchers", "1");
    p.put("background.threads", "2");
    p.put("num.recovery.threads.per.data.dir", "1");
    try (OutputStream out = Files.newOutputStream(file())) {
      p.store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file(), e);
    }
  }

  private static String listener(String name, int port) {
    return name + "://127.0.0.1:" + port;
  }

  private Path file() {
    return directory.resolveSibling("broker-" + id + ".properties");
  }

  @Override
  List<String> command() {
    return JavaCommand.of(
        "320m", JavaCommand.ownClassPath(), List.of(Broker.class.getName(), file().toString()));
  }

  /** Takes connections; whether it is in sync again is for the cluster to say. */
  @Override
  boolean isReady() {
    return Ports.isOpen(port);
  }

  void closeProxies() {
    proxies.values().forEach(Proxy::close);
  }
}
