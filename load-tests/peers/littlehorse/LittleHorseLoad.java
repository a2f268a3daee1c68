package littlehorse;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.Message;
import io.littlehorse.sdk.common.LHLibUtil;
import io.littlehorse.sdk.common.config.LHConfig;
import io.littlehorse.sdk.common.exception.LHSerdeException;
import io.littlehorse.sdk.common.proto.AwaitWorkflowEventRequest;
import io.littlehorse.sdk.common.proto.LHStatus;
import io.littlehorse.sdk.common.proto.LittleHorseGrpc.LittleHorseFutureStub;
import io.littlehorse.sdk.common.proto.RunWfRequest;
import io.littlehorse.sdk.common.proto.VariableValue;
import io.littlehorse.sdk.common.proto.WfRun;
import io.littlehorse.sdk.common.proto.WorkflowEvent;
import io.littlehorse.sdk.common.proto.WorkflowEventDefId;
import io.littlehorse.sdk.wfsdk.NodeOutput;
import io.littlehorse.sdk.wfsdk.SpawnedThreads;
import io.littlehorse.sdk.wfsdk.WfRunVariable;
import io.littlehorse.sdk.wfsdk.Workflow;
import io.littlehorse.sdk.wfsdk.WorkflowThread;
import io.littlehorse.sdk.worker.LHTaskMethod;
import io.littlehorse.sdk.worker.LHTaskWorker;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import load.Payload;
import load.Peer;
import load.PeerLoad;

/** Argument: the port of the API. */
final class LittleHorseLoad implements Peer {

  /** A run of a workflow is one record, and a thread for each item is part of it. */
  private static final int ITEMS = 100;

  private static final String TASK_ENDED = "task-ended";
  private static final String ALL_ENDED = "all-ended";
  private static final Map<String, String> INPUT = Map.of("text", Payload.TEXT);

  private final LittleHorseFutureStub client;
  private final VariableValue input;
  private final VariableValue list;

  private LittleHorseLoad(LittleHorseFutureStub client) throws LHSerdeException {
    this.client = client;
    this.input = LHLibUtil.objToVarVal(INPUT);
    this.list = LHLibUtil.objToVarVal(Collections.nCopies(ITEMS, INPUT));
  }

  /** The task's worker. */
  public static final class Echo {

    @LHTaskMethod("bench")
    public Map<String, String> echo(Map<String, String> order) {
      return order;
    }
  }

  public static void main(String[] args) throws Exception {
    LHConfig config =
        new LHConfig(
            Map.of(
                LHConfig.API_HOST_KEY,
                "localhost",
                LHConfig.API_PORT_KEY,
                args[0],
                LHConfig.NUM_WORKER_THREADS_KEY,
                "8"));
    LHTaskWorker worker = new LHTaskWorker(new Echo(), "bench", config);
    worker.registerTaskDef();
    Workflow.newWorkflow("one-task", LittleHorseLoad::defineOneTask).registerWfSpec(config);
    Workflow.newWorkflow("five-nodes", LittleHorseLoad::defineFiveNodes).registerWfSpec(config);
    Workflow.newWorkflow("for-each", LittleHorseLoad::defineForEach).registerWfSpec(config);
    worker.start();
    try (worker) {
      PeerLoad.run(new LittleHorseLoad(config.getFutureStub()));
    }
    // Channels of the client have threads that outlive it.
    System.exit(0);
  }

  private static void defineOneTask(WorkflowThread thread) {
    WfRunVariable input = thread.declareJsonObj("input");
    NodeOutput result = thread.execute("bench", input);
    thread.throwEvent(TASK_ENDED, result).registeredAs(Map.class);
  }

  private static void defineFiveNodes(WorkflowThread thread) {
    thread.declareJsonObj("input");
    WfRunVariable step = thread.declareInt("step");
    step.assign(1);
    thread.doIf(
        step.isEqualTo(1),
        one -> {
          step.assign(2);
          one.doIf(step.isEqualTo(2), two -> step.assign(3));
        });
  }

  private static void defineForEach(WorkflowThread thread) {
    WfRunVariable items = thread.declareJsonArr("input");
    SpawnedThreads each =
        thread.spawnThreadForEach(
            items,
            "item",
            item -> item.execute("bench", item.declareJsonObj(WorkflowThread.HANDLER_INPUT_VAR)));
    thread.waitForThreads(each);
    thread.throwEvent(ALL_ENDED, "all").registeredAs(String.class);
  }

  private CompletionStage<WfRun> start(String workflow, VariableValue variable) {
    return stage(
        client.runWf(
            RunWfRequest.newBuilder()
                .setWfSpecName(workflow)
                .putVariables("input", variable)
                .build()));
  }

  /** Nothing tells of a run's end but an event that it throws as its last node. */
  private CompletionStage<WorkflowEvent> ended(CompletionStage<WfRun> started, String event) {
    return started.thenCompose(
        run -> {
          if (run.getStatus() == LHStatus.ERROR) {
            throw new IllegalStateException(run.getThreadRuns(0).getErrorMessage());
          }
          return stage(
              client.awaitWorkflowEvent(
                  AwaitWorkflowEventRequest.newBuilder()
                      .setWfRunId(run.getId())
                      .addEventDefIds(WorkflowEventDefId.newBuilder().setName(event))
                      .build()));
        });
  }

  private static <T extends Message> CompletionStage<T> stage(ListenableFuture<T> future) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    Futures.addCallback(
        future,
        new FutureCallback<>() {
          @Override
          public void onSuccess(T value) {
            stage.complete(value);
          }

          @Override
          public void onFailure(Throwable problem) {
            stage.completeExceptionally(problem);
          }
        },
        MoreExecutors.directExecutor());
    return stage;
  }

  @Override
  public CompletionStage<?> oneTask() {
    return ended(start("one-task", input), TASK_ENDED);
  }

  /** Without a task the start's answer is the run's end. */
  @Override
  public CompletionStage<?> fiveNodes() {
    return start("five-nodes", input)
        .thenAccept(
            run -> {
              if (run.getStatus() != LHStatus.COMPLETED) {
                throw new IllegalStateException("five-nodes is " + run.getStatus());
              }
            });
  }

  @Override
  public CompletionStage<?> forEach() {
    return ended(start("for-each", list), ALL_ENDED);
  }

  @Override
  public int items() {
    return ITEMS;
  }
}
