package io.stepstream.loadtests;

import static io.stepstream.loadtests.ResultJson.rounded;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;

/**
 * The result of a Map: the run of median time, of an even number the quicker one in the middle.
 *
 * @param runs at least one, in their order
 */
record MapResult(BenchSettings settings, MapScenario scenario, Saturation floor, List<MapRun> runs)
    implements RatedResult {

  MapResult {
    runs = List.copyOf(runs);
  }

  MapRun median() {
    List<MapRun> byTime = runs.stream().sorted(Comparator.comparing(MapRun::took)).toList();
    return byTime.get((byTime.size() - 1) / 2);
  }

  int items() {
    return settings.items();
  }

  double itemsPerSecond() {
    return items() / median().seconds();
  }

  @Override
  public String json() {
    MapRun median = median();
    ObjectNode json = ResultJson.begin(settings);
    json.put("items", items());
    json.put("seconds", rounded(median.seconds(), 3));
    ArrayNode all = json.putArray("seconds_of_runs");
    runs.forEach(run -> all.add(rounded(run.seconds(), 3)));
    json.put("items_per_s", rounded(itemsPerSecond(), 1));
    json.put("ratio", rounded(itemsPerSecond() / floor.throughput().perSecond(), 3));
    json.put("records_per_item", rounded((double) median.records() / items(), 2));
    json.put("parent_records", median.parentRecords());
    json.put("parent_record_share", rounded((double) median.parentRecords() / median.records(), 5));
    json.put(
        "parent_partition_share",
        rounded((double) median.partitionRecords() / median.records(), 4));
    ResultJson.bytes(json, "", "item", median.wire().per(items()), median.disk().per(items()));
    json.put("cpu_seconds_per_1000_items", rounded(cpuSecondsPerThousand(), 4));
    json.put(
        "cpu_share",
        rounded(
            median.cpuSeconds() / (median.seconds() * Runtime.getRuntime().availableProcessors()),
            2));
    ResultJson.floor(json, floor);
    json.put(
        "records_counted",
        "end offsets of all topics and changelogs, with transaction markers; of the parent: those"
            + " whose key is the Map execution's, in changelogs by its hash; not"
            + " stepstream.workers, stepstream.definitions and Kafka's internal topics");
    return ResultJson.end(json, settings);
  }

  private double cpuSecondsPerThousand() {
    return median().cpuSeconds() * 1_000 / items();
  }

  @Override
  public Summary summary() {
    return new Summary(
        scenario.label(),
        "items",
        itemsPerSecond(),
        floor.throughput().perSecond(),
        cpuSecondsPerThousand(),
        (double) median().records() / items(),
        "%,d items in %.2f s".formatted(items(), median().seconds()));
  }
}
