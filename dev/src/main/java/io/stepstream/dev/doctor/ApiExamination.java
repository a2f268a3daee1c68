package io.stepstream.dev.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.dev.doctor.Finding.Severity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Coordinators by their API: nodes, partitions, queues, letters, executions, access. */
final class ApiExamination implements AutoCloseable {

  /** A partition that doesn't keep up has more than this many records before it. */
  private static final long MUCH_LAG = 10_000;

  /** Orders before a queue that has workers. */
  private static final long MUCH_BACKLOG = 1_000;

  private static final Duration LONG_RESTORATION = Duration.ofMinutes(5);

  /** How old the latest event of an execution may be which doesn't wait on purpose. */
  private static final Duration STUCK = Duration.ofHours(1);

  private static final Duration SKEW = Duration.ofSeconds(1);

  /** Of the oldest that run; each costs a call. */
  private static final int LOOKED_AT = 20;

  private static final int LETTERS = 200;

  /** Behind them an execution waits for a time, for a person, or for executions of its own. */
  private static final Set<String> WAITS =
      Set.of(
          "WaitStateEntered",
          "TaskSubmitted",
          "ActivityScheduled",
          "ActivityStarted",
          "MapRunStarted",
          "MapRunRedriven");

  private final Installation installation;
  private final NodeApi api;
  private final InstantSource clock;

  ApiExamination(Installation installation) {
    this.installation = installation;
    this.api = new NodeApi(installation.apiKey());
    this.clock = InstantSource.system();
  }

  List<Examination> examinations() {
    List<Examination> all = new ArrayList<>();
    for (URI endpoint : installation.endpoints()) {
      all.add(new Examination("endpoint", () -> endpoint(endpoint)));
    }
    if (!installation.endpoints().isEmpty()) {
      all.add(new Examination("nodes", () -> of("/api/nodes", this::nodes)));
      all.add(new Examination("queues", () -> of("/api/queues", this::queues)));
      all.add(
          new Examination(
              "dead letters",
              () -> of("/api/dead-letters?limit=" + LETTERS, ApiExamination::letters)));
      all.add(
          new Examination(
              "executions",
              () ->
                  of(
                      "/api/executions?status=RUNNING&order=oldest&limit=" + LOOKED_AT,
                      this::executions)));
    }
    return all;
  }

  // ------------------------------------------------------------------ endpoints

  private List<Finding> endpoint(URI endpoint) throws InterruptedException {
    String where = Installation.shown(endpoint);
    List<Finding> findings = new ArrayList<>();
    try {
      NodeApi.Reply ready = api.get(endpoint, "/q/health/ready");
      if (ready.isGood()) {
        findings.add(Finding.ok("endpoint", where, "it is ready"));
      } else {
        findings.add(
            Finding.fault(
                    "endpoint",
                    where,
                    "it is not ready: " + String.join(", ", notReady(ready.json())),
                    "If it restores, wait; else look at its log")
                .with(Runbook.LANE_DOWN));
      }
      NodeApi.Reply unknown = api.getUnknown(endpoint, "/api/info");
      findings.add(access(endpoint, unknown.status()));
    } catch (IOException e) {
      findings.add(
          Finding.fault(
                  "endpoint",
                  where,
                  "no answer (" + e.getClass().getSimpleName() + ")",
                  "Start the coordinator, or check --endpoint")
              .saying(e.getMessage())
              .with(Runbook.NODE_DOWN));
    }
    return findings;
  }

  private static Set<String> notReady(JsonNode health) {
    Set<String> parts = new TreeSet<>();
    for (JsonNode check : health.path("checks")) {
      check
          .path("data")
          .forEachEntry(
              (name, value) -> {
                if (value.asText().equals("not ready")) {
                  parts.add(name);
                }
              });
    }
    return parts.isEmpty() ? Set.of("it doesn't say why") : parts;
  }

  /**
   * @param status what somebody unknown is answered
   */
  private static Finding access(URI endpoint, int status) {
    String where = Installation.shown(endpoint);
    if (status == 401 || status == 403) {
      return Finding.ok("access", where, "who calls is asked for");
    }
    if (status != 200) {
      return Finding.unknown("access", where, "somebody unknown gets HTTP " + status, null);
    }
    return isLoopback(endpoint)
        ? Finding.ok("access", where, "nobody is asked, on this machine alone")
        : Finding.warning(
            "access",
            where,
            "whoever reaches it may do everything",
            "Configure authentication as docs/security.md says");
  }

  private static boolean isLoopback(URI endpoint) {
    try {
      return InetAddress.getByName(endpoint.getHost()).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }

  /** What is found in an answer. */
  private interface Judge {
    List<Finding> findings(URI endpoint, JsonNode answer) throws IOException, InterruptedException;
  }

  /** Of the first endpoint that answers: any node answers for all. */
  private List<Finding> of(String path, Judge judge) throws IOException, InterruptedException {
    @Nullable IOException last = null;
    for (URI endpoint : installation.endpoints()) {
      try {
        NodeApi.Reply reply = api.get(endpoint, path);
        if (reply.isGood()) {
          return judge.findings(endpoint, reply.json());
        }
        last = new IOException(refusal(reply.status()));
      } catch (IOException e) {
        last = e;
      }
    }
    throw last == null ? new IOException("there is no endpoint") : last;
  }

  private static String refusal(int status) {
    return status == 401 || status == 403
        ? "HTTP " + status + ": set STEPSTREAM_API_KEY to a key that may look"
        : "HTTP " + status;
  }

  // ------------------------------------------------------------------ nodes

  private List<Finding> nodes(URI endpoint, JsonNode cluster) {
    List<Finding> findings = new ArrayList<>();
    Set<String> versions = new TreeSet<>();
    for (JsonNode node : cluster.path("nodes")) {
      versions.add(node.path("version").asText());
      for (JsonNode lane : node.path("lanes")) {
        findings.addAll(lane(node.path("address").asText(node.path("id").asText()), lane));
      }
    }
    for (JsonNode node : cluster.path("unreachable")) {
      findings.add(
          Finding.fault(
                  "node",
                  node.path("address").asText(),
                  "the others don't reach it",
                  "Start it again, or look at the network between the nodes")
              .saying(node.path("reason").asText())
              .with(Runbook.NODE_DOWN));
    }
    if (versions.size() > 1) {
      findings.add(
          Finding.warning(
              "nodes",
              String.join(" ", versions),
              "they are of different versions",
              "Finish the upgrade, or roll it back: docs/procedures.md"));
    }
    for (JsonNode partition : cluster.path("partitions")) {
      findings.addAll(partition(partition));
    }
    if (cluster.hasNonNull("lagsUnknown")) {
      findings.add(
          Finding.unknown(
              "lag", "all partitions", "it isn't told", cluster.path("lagsUnknown").asText()));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              "nodes",
              Installation.shown(endpoint),
              "%d work, version %s, %d partitions"
                  .formatted(
                      cluster.path("nodes").size(),
                      String.join(" ", versions),
                      cluster.path("partitions").size())));
    }
    return findings;
  }

  private static List<Finding> lane(String node, JsonNode lane) {
    String state = lane.path("state").asText();
    String where = node + ", " + lane.path("lane").asText();
    return switch (state) {
      case "RUNNING" -> List.of();
      case "REBALANCING", "CREATED" ->
          List.of(
              Finding.warning(
                      "lane",
                      where,
                      "it is %s since %s".formatted(state, lane.path("since").asText()),
                      "Wait for half a minute; if it comes again and again, look for nodes that"
                          + " come and go")
                  .with(Runbook.REBALANCE_STORM));
      default ->
          List.of(
              Finding.fault(
                      "lane",
                      where,
                      "it is %s since %s".formatted(state, lane.path("since").asText()),
                      "Look at the node's log, then start it again")
                  .with(Runbook.LANE_DOWN));
    };
  }

  private List<Finding> partition(JsonNode partition) {
    String where = partition.path("lane").asText() + ", partition " + partition.path("partition");
    List<Finding> findings = new ArrayList<>();
    boolean active = false;
    for (JsonNode copy : partition.path("copies")) {
      active |= copy.path("role").asText().equals("active");
      JsonNode restore = copy.path("restore");
      Instant since = instant(restore.path("since").asText());
      if (since != null
          && copy.path("role").asText().equals("active")
          && since.isBefore(clock.instant().minus(LONG_RESTORATION))) {
        findings.add(
            Finding.warning(
                    "partition",
                    where,
                    "it is restored since %s: %d of %d records"
                        .formatted(
                            since,
                            restore.path("restored").asLong(),
                            restore.path("total").asLong()),
                    "Wait while the number grows; run standbys to be faster next time")
                .with(Runbook.RESTORING_LONG));
      }
    }
    if (!active) {
      findings.add(
          Finding.fault(
                  "partition",
                  where,
                  "no node has it, and its executions stand still",
                  "Start the missing nodes; if all are there, look at their logs")
              .with(Runbook.LANE_DOWN));
    } else if (partition.path("lag").asLong() > MUCH_LAG) {
      findings.add(
          Finding.warning(
                  "partition",
                  where,
                  "about %d records wait".formatted(partition.path("lag").asLong()),
                  "If the number grows while nothing else is wrong, look for a hanging"
                      + " transaction, or add nodes")
              .with(Runbook.HANGING_TRANSACTION));
    }
    return findings;
  }

  // ------------------------------------------------------------------ queues

  private List<Finding> queues(URI endpoint, JsonNode page) {
    List<Finding> findings = new ArrayList<>();
    int queues = 0;
    for (JsonNode queue : page.path("queues")) {
      queues++;
      findings.addAll(queue(queue));
      for (JsonNode pool : queue.path("pools")) {
        Instant seen = instant(pool.path("lastSeen").asText());
        if (seen != null && seen.isAfter(clock.instant().plus(SKEW))) {
          findings.add(
              Finding.warning(
                      "clock",
                      "workers of pool " + pool.path("pool").asText(),
                      "they say that they were seen at %s, which is to come".formatted(seen),
                      "Synchronise their clocks by NTP")
                  .with(Runbook.CLOCK_SKEW));
        }
      }
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok("queues", Installation.shown(endpoint), queues + ", none of which waits"));
    }
    return findings;
  }

  private static List<Finding> queue(JsonNode queue) {
    String name = queue.path("queue").asText();
    if (!queue.has("backlog")) {
      return List.of(Finding.unknown("queue", name, "its backlog isn't told", null));
    }
    long backlog = queue.path("backlog").asLong();
    if (backlog == 0) {
      return List.of();
    }
    if (queue.path("limits").path("paused").asBoolean()) {
      return List.of(
          Finding.warning(
                  "queue",
                  name,
                  "%d orders wait, since it is paused".formatted(backlog),
                  "curl -X PUT …/api/queues/%s -d '{\"paused\": false}'".formatted(name))
              .with(Runbook.TASK_BACKLOG_GROWING));
    }
    if (queue.path("workers").isArray() && queue.path("workers").isEmpty()) {
      return List.of(
          Finding.fault(
                  "queue",
                  name,
                  "%d orders wait, and no worker serves it".formatted(backlog),
                  "Start workers of the queue")
              .with(Runbook.NO_WORKERS));
    }
    return backlog < MUCH_BACKLOG
        ? List.of()
        : List.of(
            Finding.warning(
                    "queue",
                    name,
                    "%d orders wait for %d workers"
                        .formatted(backlog, queue.path("workers").size()),
                    "If the number grows, start more workers")
                .with(Runbook.TASK_BACKLOG_GROWING));
  }

  // ------------------------------------------------------------------ letters, executions

  private static List<Finding> letters(URI endpoint, JsonNode page) {
    int open = page.path("deadLetters").size();
    return List.of(
        open == 0
            ? Finding.ok("dead letters", Installation.shown(endpoint), "none is open")
            : Finding.warning(
                    "dead letters",
                    page.at("/deadLetters/0/source/topic").asText("unknown topic"),
                    "%s%d are open, the latest of %s"
                        .formatted(
                            page.has("nextPageToken") ? "more than " : "",
                            open,
                            page.at("/deadLetters/0/time").asText()),
                    "Mend the cause, then redrive or discard them")
                .with(Runbook.DEAD_LETTERS));
  }

  private List<Finding> executions(URI endpoint, JsonNode page)
      throws IOException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    int looked = 0;
    for (JsonNode execution : page.path("executions")) {
      Instant began = instant(execution.path("startDate").asText());
      if (began == null || began.isAfter(clock.instant().minus(STUCK))) {
        break; // the oldest first
      }
      looked++;
      String arn = execution.path("executionArn").asText();
      JsonNode event = latest(endpoint, arn);
      String type = event.path("type").asText();
      Instant at = Instant.ofEpochMilli((long) (event.path("timestamp").asDouble() * 1_000));
      if (!event.isMissingNode()
          && !WAITS.contains(type)
          && at.isBefore(clock.instant().minus(STUCK))) {
        findings.add(
            new Finding(
                Severity.WARNING,
                "execution",
                arn,
                "its latest event is %s of %s".formatted(type, at),
                null,
                "Look at its task's queue and workers, and at its partition",
                Runbook.STUCK_EXECUTIONS));
      }
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              "executions",
              Installation.shown(endpoint),
              "%d run; of the oldest %d none stands still"
                  .formatted(page.path("total").asLong(), looked)));
    }
    return findings;
  }

  private JsonNode latest(URI endpoint, String arn) throws IOException, InterruptedException {
    return api.act(
            endpoint,
            "GetExecutionHistory",
            JsonNodeFactory.instance
                .objectNode()
                .put("executionArn", arn)
                .put("reverseOrder", true)
                .put("maxResults", 1)
                .put("includeExecutionData", false))
        .json()
        .at("/events/0");
  }

  private static @Nullable Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException _) {
      return null;
    }
  }

  @Override
  public void close() {
    api.close();
  }
}
