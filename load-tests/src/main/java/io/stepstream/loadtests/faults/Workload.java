package io.stepstream.loadtests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.loadtests.faults.Api.Answer;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.Topics;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Starts executions at a steady rate, whatever becomes of them, by the API and by the topic, and
 * keeps what was said of each. Drawn from a seed. Thread safe.
 */
final class Workload implements AutoCloseable {

  private static final String ROLE = "arn:aws:iam::000000000000:role/any";

  /** Beyond, a start that is due is left out: who calls would have given up. */
  private static final int MOST_CALLS = 150;

  /** Between attempts: the first, and the longest, each half drawn as AWS's clients do it. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** Then a start counts as one that nobody has acknowledged. */
  private static final Duration LONGEST_START = Duration.ofSeconds(150);

  /** Less than one of {@link Template#METRONOME} takes: a partition has one all the time. */
  private static final Duration METRONOME = Duration.ofSeconds(15);

  private final Cluster cluster;
  private final Api api;
  private final Violations violations;
  private final Random random;
  private final String prefix;
  private final Producer<byte[], byte[]> producer;
  private final RecordCodec<StartExecution> codec =
      Reading.codec(StartExecution.class, Topics.START_EXECUTION);
  private final Map<Template, String> machines = new EnumMap<>(Template.class);
  private final Map<String, Start> starts = new ConcurrentHashMap<>();
  private final AtomicInteger notNow = new AtomicInteger();
  private final Semaphore calls = new Semaphore(MOST_CALLS);
  private final Phaser pending = new Phaser(1);
  private final AtomicLong leftOut = new AtomicLong();
  private final AtomicLong number = new AtomicLong();
  private volatile String during = "";
  private volatile boolean running;
  private volatile Thread generator = Thread.ofPlatform().unstarted(() -> {});
  private volatile Thread metronome = Thread.ofPlatform().unstarted(() -> {});

  Workload(Cluster cluster, Api api, Violations violations, long seed) {
    this.cluster = cluster;
    this.api = api;
    this.violations = violations;
    this.random = new Random(seed);
    this.prefix = "c" + Long.toUnsignedString(seed, 36) + "-";
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                cluster.bootstrapServers(),
                "acks",
                "all",
                "delivery.timeout.ms",
                (int) LONGEST_START.toMillis(),
                "max.block.ms",
                LONGEST_START.toMillis()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Creates the state machines. */
  void define() throws InterruptedException {
    for (Template template : Template.values()) {
      ObjectNode create =
          Api.request()
              .put("name", template.machine())
              .put("type", template.lane().name())
              .put("roleArn", ROLE)
              .put("definition", template.definition());
      JsonNode created = insist("CreateStateMachine", create);
      machines.put(template, created.path("stateMachineArn").asText());
    }
  }

  /** Asks one node after the other until one answers. */
  JsonNode insist(String action, ObjectNode request) throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_START.toNanos();
    Answer last = new Answer.Unknown("nobody was asked");
    for (int i = 0; System.nanoTime() < deadline; i++) {
      last = api.call(endpoint(i), action, request);
      switch (last) {
        case Answer.Ok(JsonNode members) -> {
          return members;
        }
        case Answer.Refused refused when !refused.isNotNow() ->
            throw new RunFailure(action + " is refused: " + refused);
        case Answer.Refused _, Answer.Unknown _ -> Thread.sleep(PAUSE);
      }
    }
    throw new RunFailure("%s has no answer: %s".formatted(action, last));
  }

  private URI endpoint(int number) {
    List<NodeMember> nodes = cluster.nodes();
    return nodes.get(Math.floorMod(number, nodes.size())).endpoint();
  }

  /** The ARN of its state machine. */
  String machine(Template template) {
    return machines.get(template);
  }

  /**
   * What is started from now on is in the time of this fault.
   *
   * @param fault its id; empty: none
   */
  void setDuring(String fault) {
    during = fault;
  }

  /** Begins to start so many each second, and metronomes beside. */
  void begin(double perSecond) {
    running = true;
    metronome = Thread.ofPlatform().name("metronome").start(this::beat);
    generator = Thread.ofPlatform().name("workload").start(() -> generate(perSecond));
  }

  private void generate(double perSecond) {
    long pauseNanos = (long) (1e9 / perSecond);
    long due = System.nanoTime();
    while (running) {
      long wait = due - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
      }
      if (System.nanoTime() >= due) {
        due += pauseNanos;
        next();
      }
    }
  }

  /** In each partition, so that none has nothing to do. */
  private void beat() {
    String machine = machine(Template.METRONOME);
    try {
      for (int round = 0; running; round++) {
        for (int partition = 0; partition < Cluster.PARTITIONS; partition++) {
          Template.Plan plan = Template.METRONOME.plan(round, random(round));
          String name =
              Start.nameIn(partition, machine, "%smetronome-%d-".formatted(prefix, round));
          Start start = planned(Template.METRONOME, name, plan.expected());
          int node = round + partition;
          aside(pending, () -> startByApi(start, plan.input().toString(), node));
        }
        Thread.sleep(METRONOME);
      }
    } catch (InterruptedException _) {
      // No more are wanted.
    }
  }

  /** What waits for answers. */
  @FunctionalInterface
  private interface Call {
    void run() throws InterruptedException;
  }

  /** In a thread of its own, which counts until it has ended. */
  private static void aside(Phaser counted, Call call) {
    counted.register();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                call.run();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              } finally {
                counted.arriveAndDeregister();
              }
            });
  }

  private void next() {
    Template template = Template.any(random);
    long n = number.incrementAndGet();
    Template.Plan plan = template.plan(n, random);
    boolean byTopic = random.nextInt(10) < 3;
    int node = random.nextInt(cluster.nodes().size());
    int again = random.nextInt(20);
    if (!calls.tryAcquire()) {
      leftOut.incrementAndGet();
      return;
    }
    Start start = planned(template, prefix + n, plan.expected());
    aside(
        pending,
        () -> {
          try {
            if (byTopic) {
              publish(start, plan.input().toString());
            } else {
              Optional<JsonNode> first = startByApi(start, plan.input().toString(), node);
              if (first.isPresent() && again < 2) {
                repeat(start, plan.input().toString(), node + 1, first.get(), again == 0);
              }
            }
          } finally {
            calls.release();
          }
        });
  }

  /** Remembers a start of which nothing is known yet. */
  private Start planned(Template template, String name, Expected expected) {
    Start start = new Start(template.lane(), machines.get(template), name, expected, during, false);
    starts.put(start.name(), start);
    return start;
  }

  private void acknowledged(Start start) {
    starts.put(start.name(), start.acknowledged());
  }

  /** Starts executions of one machine beside the load, and returns when each is acknowledged. */
  List<Start> startNow(Template template, int count) throws InterruptedException {
    return startNow(
        template, LongStream.range(0, count).mapToObj(n -> template.plan(n, random(n))).toList());
  }

  /** The load's own is used by its thread alone, or a seed would give another load each time. */
  private static Random random(long n) {
    return new Random(n);
  }

  /** The same of executions that are planned already. */
  List<Start> startNow(Template template, List<Template.Plan> plans) throws InterruptedException {
    return startNow(template, plans, 0, 1);
  }

  /** Asks one node for all of them, and others where that doesn't answer. */
  void startAllAt(int node, Template template, int count) throws InterruptedException {
    startNow(
        template,
        LongStream.range(0, count).mapToObj(n -> template.plan(n, random(n))).toList(),
        node,
        cluster.nodes().size());
  }

  /**
   * @param first which node the first is asked of
   * @param step to the node of the next
   */
  private List<Start> startNow(Template template, List<Template.Plan> plans, int first, int step)
      throws InterruptedException {
    List<Start> begun =
        plans.stream()
            .map(plan -> planned(template, prefix + number.incrementAndGet(), plan.expected()))
            .toList();
    Semaphore few = new Semaphore(32);
    Phaser all = new Phaser(1);
    for (int i = 0; i < begun.size(); i++) {
      Start start = begun.get(i);
      String input = plans.get(i).input().toString();
      int node = first + i * step;
      few.acquire();
      aside(
          all,
          () -> {
            try {
              startByApi(start, input, node);
            } finally {
              few.release();
            }
          });
    }
    all.awaitAdvanceInterruptibly(all.arriveAndDeregister());
    return begun;
  }

  /**
   * Starts one on this node alone, which may say "not now" for so long.
   *
   * @param name given to nothing else
   * @return the start; empty: it wasn't acknowledged in time
   */
  Optional<Start> startOn(int node, Template template, String name, Duration longest)
      throws InterruptedException {
    Template.Plan plan = template.plan(node, random(node));
    Start start = planned(template, name, plan.expected());
    long deadline = System.nanoTime() + longest.toNanos();
    while (System.nanoTime() < deadline) {
      Answer answer =
          api.call(endpoint(node), "StartExecution", request(start, plan.input().toString()));
      // An earlier attempt that wasn't answered may have started it.
      if (answer instanceof Answer.Ok
          || answer instanceof Answer.Refused refused
              && refused.code().equals("ExecutionAlreadyExists")) {
        acknowledged(start);
        return Optional.of(start);
      }
      Thread.sleep(PAUSE);
    }
    return Optional.empty();
  }

  /** Asks a node for one, once; what it is answered. */
  Answer ask(int node, Template template) throws InterruptedException {
    long n = number.incrementAndGet();
    Template.Plan plan = template.plan(n, random(n));
    Start start = planned(template, prefix + n, plan.expected());
    Answer answer =
        api.call(endpoint(node), "StartExecution", request(start, plan.input().toString()));
    if (answer instanceof Answer.Ok) {
      acknowledged(start);
    }
    return answer;
  }

  /** Before the names of this run's executions. */
  String prefix() {
    return prefix;
  }

  private void publish(Start start, String input) {
    StartExecution value =
        new StartExecution(start.stateMachineArn(), start.name(), Payloads.of(input), null);
    pending.register();
    producer.send(
        new ProducerRecord<>(Topics.START_EXECUTION, codec.encode(value)),
        (_, failure) -> {
          if (failure == null) {
            acknowledged(start);
          }
          pending.arriveAndDeregister();
        });
  }

  /**
   * Asks one node after the other until it is acknowledged, or for too long.
   *
   * @return the answer, without members where it is known otherwise; empty: it isn't acknowledged
   */
  private Optional<JsonNode> startByApi(Start start, String input, int node)
      throws InterruptedException {
    ObjectNode request = request(start, input);
    long deadline = System.nanoTime() + LONGEST_START.toNanos();
    for (int i = 0; System.nanoTime() < deadline; i++) {
      switch (api.call(endpoint(node + i), "StartExecution", request)) {
        case Answer.Ok(JsonNode members) -> {
          check(start, members);
          acknowledged(start);
          return Optional.of(members);
        }
        case Answer.Refused refused when refused.isNotNow() -> {
          notNow.incrementAndGet();
          // The other "not now" is AWS's for who asks too much.
          if (refused.status() >= 500 && (refused.status() != 503 || !refused.hasRetryAfter())) {
            violations.add(
                start.during(),
                new Violation(
                    Invariant.I9,
                    start.name(),
                    "'not now' is 503 with Retry-After, and was " + refused));
          }
          pause(i);
        }
        case Answer.Refused refused -> {
          // An earlier attempt that nobody answered has started it, and it has ended since.
          if (i > 0
              && start.lane() == Lane.STANDARD
              && refused.code().equals("ExecutionAlreadyExists")) {
            acknowledged(start);
            return Optional.of(Api.request());
          }
          violations.add(
              start.during(),
              new Violation(Invariant.I5, start.name(), "its start is refused: " + refused));
          return Optional.empty();
        }
        case Answer.Unknown _ -> pause(i);
      }
    }
    return Optional.empty();
  }

  /** A retry storm would be what the run measures. */
  private static void pause(int attempt) throws InterruptedException {
    long longest = Math.min(LONGEST_PAUSE.toMillis(), PAUSE.toMillis() << Math.min(attempt, 6));
    Thread.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
  }

  private void check(Start start, JsonNode members) {
    String arn = members.path("executionArn").asText();
    if (start.arn() != null && !start.arn().equals(arn)) {
      violations.add(
          start.during(), new Violation(Invariant.I5, start.name(), "its ARN is " + arn));
    }
  }

  /** What exists is not started again: with the same input or another, on another node. */
  private void repeat(Start start, String input, int node, JsonNode first, boolean isSame)
      throws InterruptedException {
    if (start.lane() != Lane.STANDARD) {
      return;
    }
    String given = isSame ? input : "{\"other\":1}";
    switch (api.call(endpoint(node), "StartExecution", request(start, given))) {
      case Answer.Ok(JsonNode members) when isSame -> {
        check(start, members);
        if (first.has("startDate") && !first.path("startDate").equals(members.path("startDate"))) {
          violations.add(
              start.during(),
              new Violation(
                  Invariant.I5,
                  start.name(),
                  "it began at %s, and by its repetition at %s"
                      .formatted(first.path("startDate"), members.path("startDate"))));
        }
      }
      case Answer.Ok _ ->
          violations.add(
              start.during(),
              new Violation(
                  Invariant.I5, start.name(), "its name was given away again, with another input"));
      case Answer.Refused refused when refused.isNotNow() -> {
        // Nothing is known.
      }
      case Answer.Refused refused -> {
        if (!refused.code().equals("ExecutionAlreadyExists")) {
          violations.add(
              start.during(),
              new Violation(Invariant.I5, start.name(), "its repetition is refused: " + refused));
        }
      }
      case Answer.Unknown _ -> {
        // Nothing is known.
      }
    }
  }

  private static ObjectNode request(Start start, String input) {
    return Api.request()
        .put("stateMachineArn", start.stateMachineArn())
        .put("name", start.name())
        .put("input", input);
  }

  /** No more starts; returns when each is acknowledged, or has been given up. */
  void end() throws InterruptedException {
    running = false;
    metronome.interrupt();
    metronome.join();
    generator.join();
    producer.flush();
    pending.awaitAdvanceInterruptibly(pending.arrive());
  }

  /** All of them, as far as is known now. */
  Collection<Start> starts() {
    return List.copyOf(starts.values());
  }

  int startCount() {
    return starts.size();
  }

  /** How many were not made because too many calls were open. */
  long leftOut() {
    return leftOut.get();
  }

  /** How often the API has said "not now". */
  int notNow() {
    return notNow.get();
  }

  @Override
  public void close() {
    running = false;
    metronome.interrupt();
    producer.close(Duration.ofSeconds(2));
  }
}
