package io.stepstream.loadtests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.loadtests.core.FiveStates;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Recorder;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Starts executions of five Pass and Choice states, over HTTP and by records, closed loop. */
final class ApiStartsTrial {

  /** Started by records and not ended, at most. */
  private static final long RECORDS_UNDER_WAY = 2_000;

  private static final Duration LONGEST_DRAIN = Duration.ofMinutes(2);

  private final Rig rig;
  private final BenchSettings settings;
  private final DevProcess application;
  private final String input;

  ApiStartsTrial(Rig rig, DevProcess application) {
    this.rig = rig;
    this.settings = rig.settings();
    this.application = application;
    this.input = new String(Inputs.of(settings.payloadBytes()).at(0), StandardCharsets.UTF_8);
  }

  ApiStartsResult run() {
    try (StepFunctionsClient client = new StepFunctionsClient(application.endpoint());
        Ends ends = Ends.watch(application.bootstrapServers())) {
      return new ApiStartsResult(
          settings, path(client, ends, "EXPRESS", false), path(client, ends, "STANDARD", true));
    }
  }

  private ApiStartsResult.Path path(
      StepFunctionsClient client, Ends ends, String type, boolean named) {
    String machine = machine(client, type);
    Calls calls = new Calls(client, machine, input, named);
    rig.say("%s over HTTP: warm-up of %d s", type, settings.warmUp().toSeconds());
    long first = ends.count();
    calls.run(settings.inFlight(), settings.warmUp());
    long warmUp = calls.answered();
    calls.reset();
    long before = ends.count();
    double seconds = calls.run(settings.inFlight(), settings.window());
    double http = calls.answered() / seconds;
    double httpEnded = (ends.count() - before) / seconds;
    Percentiles answer = Percentiles.of(calls.latencies());
    rig.say("%s over HTTP: %.0f starts/s, %s", type, http, answer);
    ends.await(first + warmUp + calls.answered());
    double kafka = byRecords(ends, machine);
    rig.say("%s by records: %.0f executions/s", type, kafka);
    return new ApiStartsResult.Path(http, answer, httpEnded, kafka);
  }

  private static String machine(StepFunctionsClient client, String type) {
    return call(
            client,
            "CreateStateMachine",
            StepFunctionsClient.request()
                .put("name", "starts-" + type)
                .put("type", type)
                .put("roleArn", "arn:aws:iam::000000000000:role/bench")
                .put("definition", FiveStates.definition(QueryLanguage.JSON_PATH)))
        .path("stateMachineArn")
        .asText();
  }

  private static com.fasterxml.jackson.databind.JsonNode call(
      StepFunctionsClient client, String action, ObjectNode request) {
    try {
      return client.call(action, request);
    } catch (ApiError e) {
      throw new BenchFailure(
          "%s was refused: %s %s".formatted(action, e.code(), e.getMessage()), e);
    } catch (IOException e) {
      throw new BenchFailure("%s failed: %s".formatted(action, e.getMessage()), e);
    }
  }

  /** Executions that ended per second, with as many under way as the bound lets. */
  private double byRecords(Ends ends, String machine) {
    byte[] record =
        WireCodec.forTopic(StartExecution.class, Topics.START_EXECUTION, SchemaRegistry.bundled())
            .encode(
                new StartExecution(
                    machine, null, Payloads.of(input.getBytes(StandardCharsets.UTF_8)), null));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                application.bootstrapServers(),
                "linger.ms",
                "2",
                "enable.metrics.push",
                "false"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      long sent = 0;
      long first = ends.count();
      long warm = System.nanoTime() + settings.warmUp().toNanos();
      long measuredFrom = first;
      long began = warm;
      boolean measuring = false;
      while (true) {
        long now = System.nanoTime();
        if (!measuring && now >= warm) {
          measuring = true;
          began = now;
          measuredFrom = ends.count();
        }
        if (measuring && now - began >= settings.window().toNanos()) {
          double perSecond = (ends.count() - measuredFrom) * 1e9 / (now - began);
          ends.await(first + sent);
          return perSecond;
        }
        if (sent - (ends.count() - first) < RECORDS_UNDER_WAY) {
          producer.send(new ProducerRecord<>(Topics.START_EXECUTION, record));
          sent++;
        } else {
          LockSupport.parkNanos(200_000);
        }
      }
    }
  }

  /** Callers of StartExecution, each of which calls again when it has its answer. */
  private static final class Calls {

    private final StepFunctionsClient client;
    private final String machine;
    private final String input;
    private final boolean named;
    private final LongAdder answered = new LongAdder();
    private final Recorder latencies = new Recorder(3);
    private final AtomicReference<@Nullable BenchFailure> failure = new AtomicReference<>();

    Calls(StepFunctionsClient client, String machine, String input, boolean named) {
      this.client = client;
      this.machine = machine;
      this.input = input;
      this.named = named;
    }

    /** How many seconds it took. */
    double run(int callers, Duration time) {
      long began = System.nanoTime();
      long until = began + time.toNanos();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < callers; i++) {
          threads.execute(() -> callUntil(until));
        }
      }
      BenchFailure failed = failure.get();
      if (failed != null) {
        throw failed;
      }
      return (System.nanoTime() - began) / 1e9;
    }

    private void callUntil(long untilNanos) {
      ObjectNode request =
          StepFunctionsClient.request().put("stateMachineArn", machine).put("input", input);
      while (System.nanoTime() < untilNanos && failure.get() == null) {
        if (named) {
          request.put("name", UUID.randomUUID().toString());
        }
        long began = System.nanoTime();
        try {
          call(client, "StartExecution", request);
        } catch (BenchFailure e) {
          failure.compareAndSet(null, e);
          return;
        }
        latencies.recordValue((System.nanoTime() - began) / 1_000);
        answered.increment();
      }
    }

    void reset() {
      answered.reset();
      latencies.reset();
    }

    long answered() {
      return answered.sum();
    }

    org.HdrHistogram.Histogram latencies() {
      return latencies.getIntervalHistogram();
    }
  }

  /** Counts completions from the present end of their topic on. */
  private static final class Ends implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);

    private final Consumer<byte[], byte[]> consumer;
    private final LongAdder ended = new LongAdder();
    private final Thread thread;
    private volatile boolean closing;

    private Ends(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
      this.thread = Thread.ofPlatform().daemon().name("bench-ends").unstarted(this::watch);
    }

    static Ends watch(String bootstrapServers) {
      Consumer<byte[], byte[]> consumer =
          Completions.consumerAtEnd(bootstrapServers, Topics.COMPLETIONS);
      Ends ends = new Ends(consumer);
      ends.thread.start();
      return ends;
    }

    private void watch() {
      try (consumer) {
        while (!closing) {
          ended.add(consumer.poll(POLL).count());
        }
      }
    }

    long count() {
      return ended.sum();
    }

    /** Waits until so many have ended. */
    void await(long expected) {
      long deadline = System.nanoTime() + LONGEST_DRAIN.toNanos();
      while (count() < expected) {
        if (System.nanoTime() > deadline) {
          throw new BenchFailure(
              "%d executions have not ended after %d s"
                  .formatted(expected - count(), LONGEST_DRAIN.toSeconds()));
        }
        LockSupport.parkNanos(10_000_000);
      }
    }

    @Override
    public void close() {
      closing = true;
      try {
        thread.join(Duration.ofSeconds(5));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
