package io.stepstream.worker.app;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.WorkObserver;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of a worker. Queues are its own; resources come with orders, so how many have series
 * of their own is bounded.
 */
final class WorkerMeters implements WorkObserver {

  private static final int MOST_RESOURCES = 100;
  private static final String OTHER = "other";

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(10)
  };

  private record Run(String queue, String resource, Ending ending) {}

  private record Settlement(String queue, Settled how) {}

  private final MeterRegistry registry;
  private final Map<String, Timer> waits = new ConcurrentHashMap<>();
  private final Map<String, String> resources = new ConcurrentHashMap<>();
  private final Map<Run, Timer> runs = new ConcurrentHashMap<>();
  private final Map<Settlement, Counter> settlements = new ConcurrentHashMap<>();

  WorkerMeters(MeterRegistry registry, Iterable<String> queues) {
    this.registry = registry;
    // At once, so that the names are there before the first order.
    for (String queue : queues) {
      wait(queue);
      for (Settled how : Settled.values()) {
        settlement(new Settlement(queue, how));
      }
      for (Ending ending : Ending.values()) {
        run(new Run(queue, OTHER, ending));
      }
    }
  }

  /** What is asked of the worker itself. */
  void watch(StepstreamWorker worker) {
    Gauge.builder("stepstream.worker.running", worker, StepstreamWorker::running)
        .description("Handlers that run now")
        .register(registry);
    Gauge.builder("stepstream.worker.permits", worker, StepstreamWorker::permits)
        .description("How many may run at most")
        .register(registry);
    Gauge.builder("stepstream.worker.ready", worker, w -> w.isReady() ? 1 : 0)
        .description("1: the worker acquires orders on all its queues")
        .register(registry);
  }

  @Override
  public void acquired(String queue, Duration waited) {
    wait(queue).record(waited.isNegative() ? Duration.ZERO : waited);
  }

  @Override
  public void ran(String queue, String resource, Ending ending, Duration took) {
    run(new Run(queue, label(resource), ending)).record(took);
  }

  @Override
  public void settled(String queue, Settled how) {
    settlement(new Settlement(queue, how)).increment();
  }

  private String label(String resource) {
    String known = resources.get(resource);
    if (known != null) {
      return known;
    }
    return resources.size() < MOST_RESOURCES
        ? resources.computeIfAbsent(resource, WorkerMeters::kind)
        : OTHER;
  }

  /**
   * {@code sqs:sendMessage} of {@code arn:aws:states:::sqs:sendMessage.waitForTaskToken}, {@code
   * lambda} of a function: what it is, not which one.
   */
  static String kind(String resource) {
    String[] parts = resource.split(":", 7);
    if (parts.length > 2 && parts[2].equals("lambda")) {
      return "lambda";
    }
    if (parts.length == 7 && parts[2].equals("states")) {
      String action = parts[5] + ':' + parts[6];
      int pattern = action.indexOf('.');
      return pattern < 0 ? action : action.substring(0, pattern);
    }
    return resource;
  }

  private Timer wait(String queue) {
    return waits.computeIfAbsent(
        queue,
        _ ->
            timer(
                "stepstream.worker.order.wait",
                "From the publication of an order until a worker has it",
                Tags.of("queue", queue)));
  }

  private Timer run(Run run) {
    return runs.computeIfAbsent(
        run,
        _ ->
            timer(
                "stepstream.worker.handler.time",
                "How long handlers run",
                Tags.of(
                    "queue",
                    run.queue(),
                    "resource",
                    run.resource(),
                    "outcome",
                    text(run.ending()))));
  }

  private Counter settlement(Settlement settlement) {
    return settlements.computeIfAbsent(
        settlement,
        _ ->
            Counter.builder("stepstream.worker.orders.settled")
                .description("What became of orders that the worker had")
                .tags("queue", settlement.queue(), "outcome", text(settlement.how()))
                .register(registry));
  }

  private Timer timer(String name, String description, Tags tags) {
    return Timer.builder(name)
        .description(description)
        .tags(tags)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
