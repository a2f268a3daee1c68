package io.stepstream.loadtests;

import io.stepstream.worker.StepstreamWorker;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A worker in a process of its own, whose handler gives back what it gets. */
final class WorkerProcess {

  private WorkerProcess() {}

  /** The worker's own process: brokers. */
  static void main(String[] args) throws Exception {
    Logger.getLogger("").setLevel(Level.OFF);
    StepstreamWorker worker =
        StepstreamWorker.builder()
            .bootstrapServers(args[0])
            .queues(Engine.QUEUE)
            .handler(Scenario.FUNCTION, (order, _) -> order)
            .build();
    worker.start();
    JavaProcess.serve("worker", () -> String.valueOf(worker.isReady()));
    worker.close(Duration.ofSeconds(5));
    System.exit(0);
  }

  static JavaProcess start(String bootstrapServers) throws InterruptedException {
    return JavaProcess.start("The worker", WorkerProcess.class, "256m", bootstrapServers);
  }
}
