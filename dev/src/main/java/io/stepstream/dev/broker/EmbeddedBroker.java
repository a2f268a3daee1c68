package io.stepstream.dev.broker;

import io.stepstream.dev.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka broker in this JVM, running from {@link #start} to {@link #close}.
 *
 * <p>Starting takes 2 to 4 s, closing under 3 s. A directory that was formatted once is used again
 * as it is, also after a SIGKILL and also on other ports: the quorum has a single voter, whose
 * address isn't part of its state.
 *
 * <p>Not thread safe, except that {@link #close} may be called from any thread and more than once.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final int NODE_ID = 1;
  private static final String HOST = "127.0.0.1";

  /** A file of every formatted directory. */
  private static final String FORMATTED = "meta.properties";

  /** A file that Kafka leaves behind when it has stopped cleanly, and removes when it starts. */
  private static final String STOPPED_CLEANLY = ".kafka_cleanshutdown";

  private static final String CLIENT_LISTENER = "CLIENT";
  private static final String CONTROLLER_LISTENER = "CONTROLLER";

  private final KafkaRaftServer server;
  private final int port;
  private boolean closed;

  private EmbeddedBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts a broker and returns when it takes requests.
   *
   * @throws Refusal if a port is in use or the directory can't be written or read by this version
   */
  public static EmbeddedBroker start(BrokerSettings settings) throws Refusal {
    int port = settings.port() == 0 ? LoopbackPorts.free() : settings.port();
    int controllerPort =
        settings.controllerPort() == 0 ? LoopbackPorts.free() : settings.controllerPort();
    LoopbackPorts.requireFree(port, "Kafka", "--kafka-port");
    LoopbackPorts.requireFree(controllerPort, "Kafka's controller", "--kafka-port");
    Map<String, String> properties = properties(settings, port, controllerPort);
    if (Files.exists(settings.directory().resolve(FORMATTED))) {
      if (!Files.exists(settings.directory().resolve(STOPPED_CLEANLY))) {
        retireFormerSelf(properties, controllerPort, settings.directory());
      }
    } else {
      format(settings.directory());
    }
    return new EmbeddedBroker(startServer(properties, settings.directory(), port), port);
  }

  /** {@code host:port} for clients. */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  /** The port for clients. */
  public int port() {
    return port;
  }

  /** Stops the broker; its directory can be used again when this returns. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    server.shutdown();
    server.awaitShutdown();
  }

  private static KafkaRaftServer startServer(
      Map<String, String> properties, Path directory, int port) throws Refusal {
    KafkaRaftServer server;
    try {
      server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
    } catch (RuntimeException e) {
      throw new Refusal(
          "Kafka can't use the directory " + directory + ": " + e.getMessage(),
          "Choose another directory or empty this one",
          e);
    }
    try {
      server.startup();
      return server;
    } catch (RuntimeException e) {
      server.shutdown();
      if (isPortTaken(e)) {
        throw new Refusal(
            "Port " + port + " of " + HOST + ", which Kafka needs, was taken while it started",
            "Try again or choose another port with --kafka-port",
            e);
      }
      throw new Refusal(
          "Kafka didn't start in " + directory + ": " + e.getMessage(),
          "Choose another directory or empty this one",
          e);
    }
  }

  private static boolean isPortTaken(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof BindException) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes the registration of a broker that was killed out of the metadata, by a controller that
   * runs for a moment without a broker.
   *
   * <p>Otherwise the new broker would first see itself as the leader that it was, then without
   * leadership while it registers, and the transaction coordinator, which has begun to write the
   * markers of decided transactions by then, takes a partition without a leader for a deleted one
   * and drops its markers (KAFKA-20734): the transaction counts as complete and yet holds back
   * every read_committed reader for ever. Besides, the controller would refuse the new broker until
   * the session of the old one expires.
   */
  private static void retireFormerSelf(
      Map<String, String> properties, int controllerPort, Path directory) throws Refusal {
    Map<String, String> controllerOnly = new HashMap<>(properties);
    controllerOnly.put("process.roles", "controller");
    controllerOnly.put("listeners", CONTROLLER_LISTENER + "://" + HOST + ":" + controllerPort);
    controllerOnly.remove("advertised.listeners");
    controllerOnly.remove("inter.broker.listener.name");
    KafkaRaftServer controller = startServer(controllerOnly, directory, controllerPort);
    try (Admin admin =
        Admin.create(
            Map.of(
                "bootstrap.controllers",
                HOST + ":" + controllerPort,
                "default.api.timeout.ms",
                60_000))) {
      admin.unregisterBroker(NODE_ID).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
        throw new Refusal(
            "Kafka can't take up the directory " + directory + " again: " + e.getCause(),
            "Try again, or choose another directory",
            e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Kafka started", e);
    } finally {
      controller.shutdown();
      controller.awaitShutdown();
    }
  }

  private static void format(Path directory) throws Refusal {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new Refusal(
          "The directory " + directory + " can't be made: " + e.getMessage(),
          "Choose a directory that you may write to",
          e);
    }
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try {
      new Formatter()
          .setPrintStream(new PrintStream(log, true, StandardCharsets.UTF_8))
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(NODE_ID)
          .setDirectories(List.of(directory.toString()))
          .setMetadataLogDirectory(directory.toString())
          .setControllerListenerName(CONTROLLER_LISTENER)
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setReleaseVersion(MetadataVersion.latestProduction())
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException(log.toString(StandardCharsets.UTF_8), e);
    } catch (Exception e) {
      throw new Refusal(
          "The directory " + directory + " can't be formatted for Kafka: " + e.getMessage(),
          "Choose another directory or empty this one",
          e);
    }
  }

  private static Map<String, String> properties(
      BrokerSettings settings, int port, int controllerPort) {
    Map<String, String> p = new HashMap<>();
    p.put("process.roles", "broker,controller");
    p.put("node.id", String.valueOf(NODE_ID));
    p.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
    p.put("controller.listener.names", CONTROLLER_LISTENER);
    p.put("inter.broker.listener.name", CLIENT_LISTENER);
    p.put(
        "listeners",
        CLIENT_LISTENER
            + "://"
            + HOST
            + ":"
            + port
            + ","
            + CONTROLLER_LISTENER
            + "://"
            + HOST
            + ":"
            + controllerPort);
    p.put("advertised.listeners", CLIENT_LISTENER + "://" + HOST + ":" + port);
    p.put(
        "listener.security.protocol.map",
        CLIENT_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
    p.put("log.dirs", settings.directory().toString());
    p.put("auto.create.topics.enable", "false");

    // One node: nothing to replicate, and few partitions, because each costs files and start-up
    // time.
    for (String topic : new String[] {"offsets.topic", "transaction.state.log"}) {
      p.put(topic + ".num.partitions", "4");
      p.put(topic + ".replication.factor", "1");
    }
    p.put("transaction.state.log.min.isr", "1");
    p.put("share.coordinator.state.topic.num.partitions", "4");
    p.put("share.coordinator.state.topic.replication.factor", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    p.put("default.replication.factor", "1");
    p.put("min.insync.replicas", "1");

    // The members of a worker that was killed keep their partitions until their session ends.
    p.put("group.share.min.session.timeout.ms", "6000");
    p.put("group.share.session.timeout.ms", "6000");
    // Nobody else will join the group: waiting for others only delays the first assignment.
    p.put("group.initial.rebalance.delay.ms", "0");
    // A worker gets its queues at its second heartbeat; by default that is seconds after the first.
    p.put("group.share.min.heartbeat.interval.ms", "250");
    p.put("group.share.heartbeat.interval.ms", "500");
    p.put("group.share.min.assignment.interval.ms", "0");
    p.put("group.share.assignment.interval.ms", "0");
    // A coordinator that was killed leaves a transaction open, which holds back every
    // read_committed reader until it
    // is aborted; the default looks every 10 s only.
    p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    // Broker and controller live and die together, so a silent broker is one that is starved or was
    // suspended;
    // taking its leadership away would only do harm (see retireFormerSelf).
    p.put("broker.session.timeout.ms", "3600000");
    // The controller learns of start and stop by heartbeats; the default of 2 s is what a restart
    // would wait for.
    p.put("broker.heartbeat.interval.ms", "500");

    // Small memory: the cleaner's map is allocated at once (128 MB by default); 8 MB hold 350,000
    // keys, more than a
    // segment of 64 MB of our records has.
    p.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
    p.put("log.cleaner.io.buffer.size", String.valueOf(256 << 10));
    p.put("log.segment.bytes", String.valueOf(64 << 20));
    p.put("log.index.size.max.bytes", String.valueOf(1 << 20));
    p.put("offsets.topic.segment.bytes", String.valueOf(16 << 20));
    p.put("transaction.state.log.segment.bytes", String.valueOf(16 << 20));
    p.put("share.coordinator.state.topic.segment.bytes", String.valueOf(16 << 20));
    p.put("num.network.threads", "2");
    p.put("num.io.threads", "4");
    p.put("background.threads", "2");
    p.put("num.recovery.threads.per.data.dir", "2");
    p.putAll(settings.overrides());
    return p;
  }
}
