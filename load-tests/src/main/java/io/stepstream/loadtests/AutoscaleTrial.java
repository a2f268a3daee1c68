package io.stepstream.loadtests;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.dev.Refusal;
import io.stepstream.dev.ScratchDirectory;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.LaneTopics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The loop that Kubernetes runs with the chart, without Kubernetes: workers as processes, started
 * and stopped by what a coordinator exports of their queue, under a load that rises and falls.
 */
final class AutoscaleTrial implements AutoCloseable {

  private static final int PARTITIONS = 4;
  private static final Duration SAMPLE = Duration.ofSeconds(1);

  /** Of what is left when the load is over, and until the last worker but the least has gone. */
  private static final Duration LONGEST_REST = Duration.ofSeconds(120);

  private static final Duration LONGEST_SCRAPE = Duration.ofSeconds(5);

  /** A node that is behind throttles starts; a name makes it harmless to try again. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(60);

  private final AutoscaleSettings settings;
  private final Consumer<String> progress;
  private final ScratchDirectory scratch;
  private final DevProcess node;
  private final StepFunctionsClient client;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<String> started = ConcurrentHashMap.newKeySet();
  private final AtomicLong refused = new AtomicLong();
  private volatile String refusal = "";
  private final List<Starting> workers = new ArrayList<>();
  private final List<AutoscaleSample> samples = new ArrayList<>();
  private boolean closed;

  /** A worker that has been asked for; it counts as ready when its process says so. */
  private final class Starting {
    private volatile boolean gone;
    private volatile boolean ready;
    private @Nullable JavaProcess process;

    void run() {
      try {
        JavaProcess made =
            JavaProcess.start(
                "A worker",
                AutoscaleWorker.class,
                "96m",
                node.bootstrapServers(),
                String.valueOf(settings.permits()));
        synchronized (this) {
          process = made;
        }
        while (!gone && !made.ask().equals("true")) {
          LockSupport.parkNanos(100_000_000);
        }
        ready = !gone;
        if (gone) {
          made.close();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    /** As SIGTERM to a pod: what runs is finished, which takes its time. */
    void stop() {
      ready = false;
      gone = true;
      synchronized (this) {
        if (process != null) {
          process.close();
        }
      }
    }
  }

  private AutoscaleTrial(
      AutoscaleSettings settings, Consumer<String> progress, ScratchDirectory scratch)
      throws Refusal, InterruptedException {
    this.settings = settings;
    this.progress = progress;
    this.scratch = scratch;
    this.node = DevProcess.start(scratch.path().resolve("node"), PARTITIONS);
    this.client = new StepFunctionsClient(node.endpoint());
  }

  /**
   * A whole run.
   *
   * @param progress gets a line now and then
   * @throws Refusal if there is no packaged application
   */
  static AutoscaleResult run(AutoscaleSettings settings, Consumer<String> progress)
      throws Refusal, InterruptedException {
    progress.accept("the node starts");
    AutoscaleTrial trial = new AutoscaleTrial(settings, progress, ScratchDirectory.create());
    Runtime.getRuntime().addShutdownHook(new Thread(trial::close, "autoscale-stop"));
    try (trial) {
      return trial.run();
    }
  }

  private AutoscaleResult run() throws InterruptedException {
    HorizontalAutoscaler scaler = new HorizontalAutoscaler(settings.scaler());
    scale(settings.scaler().least());
    String machine = define();
    await("The first worker is not ready", () -> readyWorkers() > 0);
    // Only then the function leads to its queue.
    await(
        "The node doesn't know the queue",
        () -> get("/api/queues").contains('"' + AutoscaleWorker.QUEUE + '"'));
    // The queue is there with its first order, and its metric with the queue.
    start(machine, 0);
    await(
        "The node exports no %s of the queue".formatted(settings.metric()),
        () -> backlog().isPresent());
    long begin = System.nanoTime();
    long end = begin + settings.length().toNanos();
    long giveUp = end + LONGEST_REST.toNanos();
    long nextLook = begin;
    long nextSample = begin;
    long next = 1;
    double due = 0;
    long last = begin;
    int wanted = workers.size();
    while (System.nanoTime() - giveUp < 0) {
      long now = System.nanoTime();
      double rate = now < end ? settings.rate(Duration.ofNanos(now - begin)) : 0;
      due += rate * (now - last) / 1e9;
      last = now;
      for (; due >= 1; due--) {
        long number = next++;
        threads.submit(() -> start(machine, number));
      }
      if (now >= nextLook) {
        nextLook = now + settings.sync().toNanos();
        OptionalDouble backlog = backlog();
        if (backlog.isPresent()) {
          wanted = scaler.desired(now, workers.size(), backlog.getAsDouble());
          scale(wanted);
        }
      }
      if (now >= nextSample) {
        nextSample = now + SAMPLE.toNanos();
        AutoscaleSample sample = sample((now - begin) / 1e9, rate, wanted);
        samples.add(sample);
        if (now > end && sample.backlog() == 0 && sample.workers() == settings.scaler().least()) {
          break;
        }
      }
      LockSupport.parkNanos(20_000_000);
    }
    if (refused.get() > 0) {
      throw new BenchFailure(
          "%d starts were refused, one of them so: %s".formatted(refused.get(), refusal));
    }
    AppliedTasks tasks = new AppliedTasks(started);
    readHistories(tasks);
    return new AutoscaleResult(settings, samples, tasks);
  }

  private AutoscaleSample sample(double seconds, double rate, int wanted) {
    AutoscaleSample sample =
        new AutoscaleSample(
            seconds,
            rate,
            backlog().orElse(samples.isEmpty() ? 0 : samples.getLast().backlog()),
            wanted,
            readyWorkers(),
            started.size());
    if (samples.size() % 15 == 0) {
      progress.accept(
          "%3.0f s: %.1f starts/s, backlog %.0f, %d workers of %d wanted"
              .formatted(seconds, rate, sample.backlog(), sample.workers(), wanted));
    }
    return sample;
  }

  // ------------------------------------------------------------------ workers

  private int readyWorkers() {
    return (int) workers.stream().filter(worker -> worker.ready).count();
  }

  private synchronized void scale(int wanted) {
    if (closed) {
      throw new BenchFailure("The run was stopped");
    }
    while (workers.size() < wanted) {
      Starting worker = new Starting();
      workers.add(worker);
      threads.submit(worker::run);
    }
    while (workers.size() > wanted) {
      Starting worker = workers.removeLast();
      threads.submit(worker::stop);
    }
  }

  // ------------------------------------------------------------------ load

  private String define() throws InterruptedException {
    String definition =
        """
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:%s","End":true}}}\
        """
            .formatted(AutoscaleWorker.FUNCTION);
    return call(
            "CreateStateMachine",
            Map.of(
                "name",
                "scaled",
                "roleArn",
                "arn:aws:iam::000000000000:role/any",
                "definition",
                definition))
        .path("stateMachineArn")
        .asText();
  }

  private void start(String machine, long number) {
    try {
      String arn =
          call(
                  "StartExecution",
                  Map.of(
                      "stateMachineArn",
                      machine,
                      "name",
                      "n-" + number,
                      "input",
                      "{\"n\":%d,\"millis\":%d}".formatted(number, settings.nap().toMillis())))
              .path("executionArn")
              .asText();
      started.add(arn);
    } catch (BenchFailure e) {
      refusal = String.valueOf(e.getMessage());
      refused.incrementAndGet();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private JsonNode call(String action, Map<String, String> members) throws InterruptedException {
    var request = StepFunctionsClient.request();
    members.forEach(request::put);
    long deadline = System.nanoTime() + LONGEST_CALL.toNanos();
    for (long pause = 200; ; pause = Math.min(2 * pause, 2_000)) {
      try {
        return client.call(action, request);
      } catch (ApiError | IOException e) {
        if (System.nanoTime() > deadline) {
          throw new BenchFailure("%s was refused: %s".formatted(action, e), e);
        }
        Thread.sleep(pause);
      }
    }
  }

  // ------------------------------------------------------------------ the metric

  /** Empty: it isn't exported, yet or now. */
  private OptionalDouble backlog() {
    return new PrometheusText(get("/q/metrics"))
        .sum(settings.metric(), Map.of("queue", AutoscaleWorker.QUEUE));
  }

  /** What the node answers; empty when it doesn't. */
  private String get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(node.endpoint().resolve(path))
            .timeout(LONGEST_SCRAPE)
            .header("Accept", "*/*")
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException _) {
      return "";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  // ------------------------------------------------------------------ the check

  private void readHistories(AppliedTasks tasks) {
    String topic = LaneTopics.of(Lane.STANDARD).history();
    WireCodec<HistoryRecord> codec =
        WireCodec.forTopic(HistoryRecord.class, topic, SchemaRegistry.bundled());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", node.bootstrapServers(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                record -> {
                  if (codec.decode(record.value()) instanceof Decoded.Read(HistoryRecord history)) {
                    tasks.add(history);
                  }
                });
      }
    }
  }

  /** Something that can be so. */
  private interface Condition {
    boolean holds();
  }

  private static void await(String otherwise, Condition condition) throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_REST.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new BenchFailure("%s after %d s".formatted(otherwise, LONGEST_REST.toSeconds()));
      }
      Thread.sleep(200);
    }
  }

  /** Stops all processes and removes their files; may be called twice. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      workers.forEach(Starting::stop);
      threads.shutdownNow();
      client.close();
      http.close();
      node.close();
      try {
        scratch.close();
      } catch (IOException e) {
        throw new UncheckedIOException("removing " + scratch.path(), e);
      }
    }
  }
}
