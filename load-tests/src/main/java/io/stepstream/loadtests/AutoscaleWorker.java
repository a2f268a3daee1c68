package io.stepstream.loadtests;

import io.stepstream.worker.StepstreamWorker;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A worker in a process of its own that takes its time: few of its tasks run at once. */
final class AutoscaleWorker {

  static final String QUEUE = "scaled";

  /** Gives back what it gets after {@code millis}. */
  static final String FUNCTION = "scaled-nap";

  /** As long as a pod's grace leaves it. */
  private static final Duration DRAIN = Duration.ofSeconds(20);

  private AutoscaleWorker() {}

  /** The worker's own process: brokers, handlers at once. */
  static void main(String[] args) throws Exception {
    Logger.getLogger("").setLevel(Level.OFF);
    StepstreamWorker worker =
        StepstreamWorker.builder()
            .bootstrapServers(args[0])
            .queues(QUEUE)
            .permits(Integer.parseInt(args[1]))
            .handler(
                FUNCTION,
                (order, _) -> {
                  Thread.sleep(order.path("millis").asLong());
                  return order;
                })
            .build();
    worker.start();
    JavaProcess.serve("worker", () -> String.valueOf(worker.isReady()));
    worker.close(DRAIN);
    System.exit(0);
  }
}
