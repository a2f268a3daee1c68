package io.stepstream.loadtests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A node dies amid calls: starts that it has taken are asked for again elsewhere, by their names,
 * and a list that it has begun to tell goes on elsewhere.
 */
final class ApiKill implements Fault {

  private static final int STARTS = 40;
  private static final int PAGE = 5;
  private static final Duration LONGEST_LIST = Duration.ofSeconds(60);

  @Override
  public String id() {
    return "F-25";
  }

  @Override
  public String title() {
    return "SIGKILL of a coordinator amid calls";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    int index = experiment.random().nextInt(experiment.cluster().nodes().size());
    NodeMember node = experiment.cluster().nodes().get(index);
    URI other = experiment.endpoints().get((index + 1) % experiment.cluster().nodes().size());
    String machine = experiment.workload().machine(Template.WAITING);
    ObjectNode list = Api.request().put("stateMachineArn", machine).put("maxResults", PAGE);
    JsonNode first = page(experiment, node.endpoint(), list);
    Thread calls =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    experiment.workload().startAllAt(index, Template.BRIEF, STARTS);
                  } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                  }
                });
    experiment.pause(Duration.ofMillis(5), Duration.ofMillis(150));
    experiment.say("SIGKILL of %s amid %d starts".formatted(node, STARTS));
    experiment.kill(node);
    calls.join();
    if (first.hasNonNull("nextToken")) {
      list.set("nextToken", first.path("nextToken"));
      JsonNode second = page(experiment, other, list);
      Set<String> twice = new HashSet<>(arns(first));
      twice.retainAll(arns(second));
      if (!twice.isEmpty()) {
        experiment.violated(
            Invariant.I9, machine, "the next page of another node tells again of " + twice);
      }
    }
    node.start();
    node.awaitReady(Cluster.LONGEST_START);
  }

  private static List<String> arns(JsonNode page) {
    return page.path("executions").findValuesAsText("executionArn");
  }

  private static JsonNode page(Experiment experiment, URI endpoint, ObjectNode list)
      throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_LIST.toNanos();
    Api.Answer last;
    do {
      last = experiment.api().call(endpoint, "ListExecutions", list);
      if (last instanceof Api.Answer.Ok(JsonNode members)) {
        return members;
      }
      experiment.pause(Duration.ofMillis(200));
    } while (System.nanoTime() < deadline
        && (last instanceof Api.Answer.Unknown
            || last instanceof Api.Answer.Refused refused && refused.isNotNow()));
    experiment.violated(Invariant.I9, endpoint.toString(), "ListExecutions: " + last);
    return Api.request();
  }
}
