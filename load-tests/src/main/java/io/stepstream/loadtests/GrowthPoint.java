package io.stepstream.loadtests;

import static io.stepstream.loadtests.ResultJson.rounded;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What something costs at one size. */
sealed interface GrowthPoint {

  /** One line of JSON. */
  String json();

  /**
   * Executions with an input of some size.
   *
   * @param inFlight executions under way at once
   */
  record ByPayload(LoadScenario scenario, int payloadBytes, int inFlight, Saturation engine)
      implements GrowthPoint {

    @Override
    public String json() {
      ObjectNode json = ResultJson.object("growth", "payload");
      json.put("scenario", scenario.label());
      json.put("payload_bytes", payloadBytes);
      json.put("in_flight", inFlight);
      put(json, engine);
      return ResultJson.line(json);
    }
  }

  /** A Map of so many items. */
  record ByItems(int items, MapRun run) implements GrowthPoint {

    double itemsPerSecond() {
      return items / run.seconds();
    }

    double cpuSecondsPerThousand() {
      return run.cpuSeconds() * 1_000 / items;
    }

    @Override
    public String json() {
      ObjectNode json = ResultJson.object("growth", "map");
      json.put("items", items);
      json.put("seconds", rounded(run.seconds(), 3));
      json.put("items_per_s", rounded(itemsPerSecond(), 1));
      json.put("cpu_seconds_per_1000_items", rounded(cpuSecondsPerThousand(), 4));
      json.put("records_per_item", rounded((double) run.records() / items, 2));
      ResultJson.bytes(json, "", "item", run.wire().per(items), run.disk().per(items));
      return ResultJson.line(json);
    }
  }

  /**
   * Executions of one task, while others wait.
   *
   * @param open executions that wait
   * @param opened of these, those that are new since the point before
   * @param openedPerSecond how fast they began to wait
   * @param diskPerOpened of each of the new ones, in changelogs and in the state directory
   * @param memory while they wait and nothing else goes on
   */
  record ByOpen(
      int open,
      int opened,
      double openedPerSecond,
      DiskBytes diskPerOpened,
      MemoryUse memory,
      Saturation engine)
      implements GrowthPoint {

    @Override
    public String json() {
      ObjectNode json = ResultJson.object("growth", "open");
      json.put("open", open);
      json.put("opened", opened);
      json.put("opened_per_s", rounded(openedPerSecond, 1));
      json.put("changelog_bytes_per_open", rounded(diskPerOpened.log(), 0));
      json.put("state_bytes_per_open", rounded(diskPerOpened.state(), 0));
      json.put("heap_after_gc_bytes", memory.heapAfterGc());
      json.put("max_heap_bytes", memory.maxHeap());
      memory.resident().ifPresent(bytes -> json.put("resident_bytes", bytes));
      json.put("scenario", LoadScenario.STANDARD_TASK.label());
      put(json, engine);
      return ResultJson.line(json);
    }
  }

  private static void put(ObjectNode json, Saturation engine) {
    Throughput throughput = engine.throughput();
    json.put("executions_per_s", rounded(throughput.perSecond(), 1));
    json.put("cpu_seconds_per_1000_executions", rounded(throughput.cpuSecondsPerThousand(), 4));
    json.put("cpu_share", rounded(throughput.cpuShare(), 2));
    json.put("records_per_execution", rounded(engine.recordsPerExecution(), 2));
    ResultJson.bytes(
        json, "", "execution", throughput.wirePerExecution(), engine.diskPerExecution());
  }
}
