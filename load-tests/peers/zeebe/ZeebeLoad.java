package zeebe;

import io.camunda.zeebe.client.ZeebeClient;
import io.camunda.zeebe.client.api.ZeebeFuture;
import io.camunda.zeebe.client.api.response.ProcessInstanceResult;
import io.camunda.zeebe.client.api.worker.JobWorker;
import io.camunda.zeebe.model.bpmn.Bpmn;
import io.camunda.zeebe.model.bpmn.BpmnModelInstance;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import load.Payload;
import load.Peer;
import load.PeerLoad;

/** Arguments: the addresses of gateway and REST. */
final class ZeebeLoad implements Peer {

  private static final int ITEMS = 1_000;
  private static final Map<String, String> INPUT = Map.of("text", Payload.TEXT);
  private static final Map<String, Object> LIST =
      Map.of("items", Collections.nCopies(ITEMS, INPUT));

  private final ZeebeClient client;

  private ZeebeLoad(ZeebeClient client) {
    this.client = client;
  }

  public static void main(String[] args) throws InterruptedException {
    try (ZeebeClient client =
            ZeebeClient.newClientBuilder()
                .grpcAddress(URI.create(args[0]))
                .restAddress(URI.create(args[1]))
                .usePlaintext()
                .defaultRequestTimeout(Duration.ofSeconds(60))
                .build();
        JobWorker one = worker(client, "bench", "text");
        JobWorker each = worker(client, "bench-item", "item")) {
      client
          .newDeployResourceCommand()
          .addProcessModel(oneTask("one-task"), "one-task.bpmn")
          .addProcessModel(fiveNodes("five-nodes"), "five-nodes.bpmn")
          .addProcessModel(forEach("for-each"), "for-each.bpmn")
          .send()
          .join();
      PeerLoad.run(new ZeebeLoad(client));
    }
  }

  /** Jobs are pushed, as its manual advises, and carry the task's own input alone. */
  private static JobWorker worker(ZeebeClient client, String type, String variable) {
    return client
        .newWorker()
        .jobType(type)
        .handler(
            (jobs, job) ->
                jobs.newCompleteCommand(job)
                    .variables(Map.of("result", job.getVariable(variable)))
                    .send())
        .maxJobsActive(500)
        .fetchVariables(variable)
        .streamEnabled(true)
        .open();
  }

  private static BpmnModelInstance oneTask(String id) {
    return Bpmn.createExecutableProcess(id)
        .startEvent()
        .serviceTask("work", task -> task.zeebeJobType("bench"))
        .endEvent()
        .done();
  }

  private static BpmnModelInstance fiveNodes(String id) {
    return Bpmn.createExecutableProcess(id)
        .startEvent()
        .scriptTask("first", set -> set.zeebeExpression("1").zeebeResultVariable("step"))
        .exclusiveGateway("isOne")
        .defaultFlow()
        .endEvent("wrong")
        .moveToNode("isOne")
        .conditionExpression("step = 1")
        .scriptTask("second", set -> set.zeebeExpression("2").zeebeResultVariable("step"))
        .exclusiveGateway("isTwo")
        .defaultFlow()
        .endEvent("wrongToo")
        .moveToNode("isTwo")
        .conditionExpression("step = 2")
        .scriptTask("third", set -> set.zeebeExpression("3").zeebeResultVariable("step"))
        .endEvent("right")
        .done();
  }

  private static BpmnModelInstance forEach(String id) {
    return Bpmn.createExecutableProcess(id)
        .startEvent()
        .serviceTask(
            "work",
            task ->
                task.zeebeJobType("bench-item")
                    .multiInstance(
                        each ->
                            each.parallel()
                                .zeebeInputCollectionExpression("items")
                                .zeebeInputElement("item")
                                .zeebeOutputCollection("results")
                                .zeebeOutputElementExpression("result")))
        .endEvent()
        .done();
  }

  private ZeebeFuture<ProcessInstanceResult> start(
      String process, Map<String, ?> variables, String... wanted) {
    return client
        .newCreateInstanceCommand()
        .bpmnProcessId(process)
        .latestVersion()
        .variables(variables)
        .withResult()
        .fetchVariables(wanted)
        .send();
  }

  @Override
  public CompletionStage<?> oneTask() {
    return start("one-task", INPUT, "result");
  }

  @Override
  public CompletionStage<?> fiveNodes() {
    return start("five-nodes", INPUT, "step")
        .thenAccept(
            end -> {
              if (!Integer.valueOf(3).equals(end.getVariablesAsMap().get("step"))) {
                throw new IllegalStateException("five-nodes ended with " + end.getVariables());
              }
            });
  }

  @Override
  public CompletionStage<?> forEach() {
    return start("for-each", LIST, "results");
  }

  @Override
  public int items() {
    return ITEMS;
  }
}
