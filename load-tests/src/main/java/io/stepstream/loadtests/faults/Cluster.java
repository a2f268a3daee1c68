package io.stepstream.loadtests.faults;

import io.stepstream.dev.broker.LoopbackPorts;
import io.stepstream.schemas.topic.TopicLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;

/** Three brokers, nodes and workers, in a directory of their own. */
final class Cluster implements AutoCloseable {

  static final int BROKERS = 3;
  static final int PARTITIONS = 4;

  static final TopicLayout LAYOUT = new TopicLayout(PARTITIONS, 3, BROKERS, BROKERS - 1);

  static final Duration LONGEST_START = Duration.ofSeconds(120);

  private static final String WORKER_PARTY = "WORKERS";

  /** Brokers are missed after nine seconds; what is behind that is a failure. */
  private static final Duration LONGEST_SYNC = Duration.ofSeconds(90);

  private final Path scratch;
  private final List<BrokerMember> brokers = new ArrayList<>();
  private final List<NodeMember> nodes = new ArrayList<>();
  private final List<WorkerMember> workers = new ArrayList<>();
  private final Consumer<String> progress;

  /**
   * Nothing runs before {@link #start}.
   *
   * @param application the packaged coordinator
   * @param nodeCount how many of those, and as many workers
   */
  Cluster(Path scratch, Path application, int nodeCount, Api api, Consumer<String> progress) {
    this.scratch = scratch;
    this.progress = progress;
    List<String> parties =
        Stream.concat(
                IntStream.range(0, nodeCount).mapToObj(Cluster::party), Stream.of(WORKER_PARTY))
            .toList();
    for (int id = 1; id <= BROKERS; id++) {
      brokers.add(new BrokerMember(id, scratch, parties));
    }
    String voters = brokers.stream().map(BrokerMember::voter).collect(Collectors.joining(","));
    String clusterId = Uuid.randomUuid().toString();
    brokers.forEach(broker -> broker.configure(clusterId, voters));
    for (int i = 0; i < nodeCount; i++) {
      nodes.add(node("node-" + (i + 1), i, application, api));
    }
    List<String> endpoints = nodes.stream().map(node -> node.endpoint().toString()).toList();
    for (int i = 1; i <= nodeCount; i++) {
      workers.add(new WorkerMember("worker-" + i, scratch, behindProxies(WORKER_PARTY), endpoints));
    }
  }

  private static String party(int node) {
    return "NODE" + (node + 1);
  }

  private String behindProxies(String party) {
    return brokers.stream()
        .map(broker -> "127.0.0.1:" + broker.proxy(party).port())
        .collect(Collectors.joining(","));
  }

  /**
   * A node that isn't one of the cluster's own: the caller starts and ends it.
   *
   * @param links whose proxies it goes through
   */
  NodeMember node(String name, int links, Path application, Api api) {
    Map<String, String> environment = new HashMap<>();
    environment.put("STEPSTREAM_KAFKA_BOOTSTRAP_SERVERS", behindProxies(party(links)));
    environment.put("STEPSTREAM_PARTITIONS", String.valueOf(PARTITIONS));
    environment.put("STEPSTREAM_COORDINATOR_THREADS", "1");
    environment.put("STEPSTREAM_COORDINATOR_STANDBYS", "1");
    environment.put("STEPSTREAM_TOPICS_QUEUE_PARTITIONS", "3");
    environment.put("STEPSTREAM_API_ACTIVITY_WAIT", "5s");
    // Each node indexes all executions: the costliest part of them, and nothing here looks for it.
    environment.put("STEPSTREAM_COORDINATOR_INDEX_PAYLOADS", "false");
    environment.put("QUARKUS_LOG_LEVEL", "WARN");
    return new NodeMember(
        name, scratch, application, LoopbackPorts.free(), environment, api.http());
  }

  /** Returns when all of them work. */
  void start() throws InterruptedException {
    progress.accept("three brokers start");
    brokers.forEach(Member::start);
    for (BrokerMember broker : brokers) {
      broker.awaitReady(LONGEST_START);
    }
    awaitRegistered();
    progress.accept("the first node creates the topics");
    nodes.getFirst().start();
    nodes.getFirst().awaitReady(LONGEST_START);
    progress.accept("the other nodes and the workers start");
    nodes.stream().skip(1).forEach(Member::start);
    workers.forEach(Member::start);
    heal();
  }

  /** A node would refuse to create topics of three replicas on fewer brokers. */
  private void awaitRegistered() throws InterruptedException {
    try (Admin admin = admin()) {
      if (!Member.await(LONGEST_START, () -> registered(admin) == BROKERS)) {
        throw new RunFailure("the brokers don't find one another; see the logs with --keep");
      }
    }
  }

  private static int registered(Admin admin) {
    try {
      return admin.describeCluster().nodes().get().size();
    } catch (ExecutionException _) {
      return 0;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** Everything that was done to lines and processes is taken back; returns when all work again. */
  void heal() throws InterruptedException {
    for (BrokerMember broker : brokers) {
      for (int i = 0; i < nodes.size(); i++) {
        broker.proxy(party(i)).set(Proxy.OPEN);
      }
      broker.proxy(WORKER_PARTY).set(Proxy.OPEN);
    }
    List<Member> all = members();
    for (Member member : all) {
      if (member.isPaused()) {
        member.resume();
      }
    }
    for (Member member : all) {
      if (!member.isAlive()) {
        member.start();
      }
    }
    for (Member member : all) {
      member.awaitReady(LONGEST_START);
    }
    awaitInSync();
  }

  /** Returns when every replica has what its leader has. */
  void awaitInSync() throws InterruptedException {
    try (Admin admin = admin()) {
      long deadline = System.nanoTime() + LONGEST_SYNC.toNanos();
      String behind = behind(admin);
      while (!behind.isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new RunFailure(
              "the brokers are not in sync after %d s: %s"
                  .formatted(LONGEST_SYNC.toSeconds(), behind));
        }
        Thread.sleep(500);
        behind = behind(admin);
      }
    }
  }

  /** Whether every replica has what its leader has, as far as anybody says so now. */
  boolean isInSync(Admin admin) throws InterruptedException {
    return behind(admin).isEmpty();
  }

  /** Empty: all are in sync. */
  private static String behind(Admin admin) throws InterruptedException {
    try {
      for (TopicDescription topic :
          admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get().values()) {
        for (var partition : topic.partitions()) {
          if (partition.isr().size() < partition.replicas().size()) {
            return topic.name() + "-" + partition.partition();
          }
        }
      }
      return "";
    } catch (ExecutionException e) {
      return e.getCause().toString();
    }
  }

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
  }

  /** For the run itself, around all proxies. */
  String bootstrapServers() {
    return brokers.stream()
        .map(broker -> "127.0.0.1:" + broker.port())
        .collect(Collectors.joining(","));
  }

  List<BrokerMember> brokers() {
    return brokers;
  }

  List<NodeMember> nodes() {
    return nodes;
  }

  List<WorkerMember> workers() {
    return workers;
  }

  List<Member> members() {
    List<Member> all = new ArrayList<>(brokers);
    all.addAll(nodes);
    all.addAll(workers);
    return all;
  }

  /** What is between a node, counted from 0, and the brokers. */
  List<Proxy> linksOfNode(int node) {
    return brokers.stream().map(broker -> broker.proxy(party(node))).toList();
  }

  /** What is between the workers and the brokers. */
  List<Proxy> linksOfWorkers() {
    return brokers.stream().map(broker -> broker.proxy(WORKER_PARTY)).toList();
  }

  /** Kills what runs; thread safe, and may be called more than once. */
  @Override
  public void close() {
    members().reversed().forEach(Member::end);
    brokers.forEach(BrokerMember::closeProxies);
  }
}
