package io.stepstream.loadtests.faults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Executions are stopped a hundred times at once, about when they end by themselves. */
final class StopRace implements Fault {

  private static final int EXECUTIONS = 5;
  private static final int STOPS = 100;

  @Override
  public String id() {
    return "F-29";
  }

  @Override
  public String title() {
    return "%d stops at once, as executions end".formatted(STOPS);
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    List<Start> starts = experiment.workload().startNow(Template.STOPPED, EXECUTIONS);
    experiment.say(
        "%d executions are stopped %d times each, about when they end"
            .formatted(EXECUTIONS, STOPS));
    // They wait for two seconds.
    experiment.pause(Duration.ofMillis(1_500), Duration.ofMillis(2_000));
    CountDownLatch asked = new CountDownLatch(EXECUTIONS * STOPS);
    for (int i = 0; i < EXECUTIONS * STOPS; i++) {
      ObjectNode stop = Api.request().put("executionArn", starts.get(i % EXECUTIONS).arn());
      var endpoint = experiment.endpoints().get(i % experiment.cluster().nodes().size());
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  // Whatever it is answered: the history has one end.
                  experiment.api().call(endpoint, "StopExecution", stop);
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                } finally {
                  asked.countDown();
                }
              });
    }
    asked.await();
    experiment.awaitEnded(starts, Duration.ofSeconds(20));
  }
}
