package io.stepstream.schemas.topic;

import io.stepstream.schemas.Lane;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The catalogue of topics. Internal topics of Kafka Streams (changelogs) are not in it. */
public final class Topics {

  /** Asks for executions; any key, any partition. */
  public static final String START_EXECUTION = "stepstream.start-execution";

  /** The ends of executions, of both lanes, as CloudEvents. */
  public static final String COMPLETIONS = "stepstream.completions";

  /** What loggingConfigurations ask for, as JSON: an entry per history event, of both lanes. */
  public static final String EXECUTION_LOGS = "stepstream.execution-logs";

  /** Changes of status of Standard executions, as JSON in the shape of EventBridge's events. */
  public static final String STATUS_CHANGES = "stepstream.status-changes";

  /** State machines and their revisions. Offsets are compared, hence one partition. */
  public static final String DEFINITIONS = "stepstream.definitions";

  /** Which worker pool serves which handlers on which queue. */
  public static final String WORKERS = "stepstream.workers";

  /** The limits that operators set to task queues. Workers and coordinators read all of it. */
  public static final String QUEUES = "stepstream.queues";

  /** Attempts of tasks that nobody waits for any more, while workers may be at them. */
  public static final String ABANDONED = "stepstream.abandoned";

  /** What nobody could read or carry out, with the reason in headers ({@link DeadLetter}). */
  public static final String DLQ = "stepstream.dlq";

  /** Which dead letters have been redriven or discarded, by whichever coordinator. */
  public static final String DLQ_MARKS = "stepstream.dlq-marks";

  /** Stops and redrives of many executions, and how far they have come. */
  public static final String BULK_OPERATIONS = "stepstream.bulk-operations";

  /** The numbers of partitions that executions have been spread over ({@link Generations}). */
  public static final String LAYOUT = "stepstream.layout";

  /** Calls that change something, and calls that were refused. */
  public static final String AUDIT = "stepstream.audit";

  /**
   * The application id of the Standard lane's Kafka Streams: the name of its consumer group, with
   * which the names of its changelogs begin.
   */
  public static final String STANDARD_APPLICATION = "stepstream-standard";

  /** The same of the Express lane. */
  public static final String EXPRESS_APPLICATION = "stepstream-express";

  /** The same of the view of histories, which has no changelogs. */
  public static final String HISTORY_VIEW_APPLICATION = "stepstream-history-view";

  /**
   * The largest record of topics that carry several payloads: a transition holds up to three
   * (result of the task, output of the state, input of the next one) of 256 KiB each and assigned
   * variables, and a definition may have 1 MiB of text. Producers and consumers need {@code
   * max.request.size} and {@code fetch.max.bytes} to match.
   */
  public static final int MAX_RECORD_BYTES = 4 * 1024 * 1024;

  /** Kafka's own default: enough for one payload and its envelope. */
  public static final int ONE_PAYLOAD_BYTES = 1024 * 1024 + 12;

  /**
   * The queue of what distributed Maps read and write: pages of items, and objects of results,
   * which may be larger than a payload.
   */
  public static final String STORAGE_QUEUE = "s3";

  /** Before the name of a task queue: its topic. */
  public static final String TASKS_PREFIX = "stepstream.tasks.";

  /** Before the name of a task queue: {@link #workerGroup}. */
  public static final String WORKER_GROUP_PREFIX = "stepstream.workers.";

  /** Before the name of a task queue: {@link #presenceGroup}. */
  public static final String PRESENCE_GROUP_PREFIX = "stepstream.presence.";

  /** Before the name of a trigger: the consumer group that reads its topic. */
  public static final String TRIGGER_GROUP_PREFIX = "stepstream.trigger.";

  /** Kafka's characters for topics; the length leaves room for the prefix within its 249. */
  private static final Pattern QUEUE = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

  private static final Duration WEEK = Duration.ofDays(7);

  /** How long histories of Standard executions are kept, as on AWS. */
  public static final Duration HISTORY_KEPT = Duration.ofDays(90);

  /**
   * How long histories of Express children of Map runs are kept, and they are listed: for as long
   * as their Map run may be redriven.
   */
  public static final Duration EXPRESS_CHILDREN_KEPT = Duration.ofDays(14);

  private Topics() {}

  /** Whether a task queue may have this name: letters, digits, dot, underscore, hyphen. */
  public static boolean isQueueName(String queue) {
    return QUEUE.matcher(queue).matches();
  }

  /**
   * The topic of a task queue.
   *
   * @throws IllegalArgumentException unless {@link #isQueueName}
   */
  public static String tasks(String queue) {
    return TASKS_PREFIX + checked(queue);
  }

  /** The queue whose topic this is; null: it is none of a task queue. */
  public static @Nullable String queueOf(String topic) {
    return topic.startsWith(TASKS_PREFIX) && isQueueName(topic.substring(TASKS_PREFIX.length()))
        ? topic.substring(TASKS_PREFIX.length())
        : null;
  }

  /**
   * The (share) group in which all workers of a queue compete for its orders. Whoever consumed
   * under another group would carry out every task a second time.
   *
   * @throws IllegalArgumentException unless {@link #isQueueName}
   */
  public static String workerGroup(String queue) {
    return WORKER_GROUP_PREFIX + checked(queue);
  }

  /**
   * The consumer group by whose members the workers of a queue know how many they are; each has one
   * member, whose client id is the worker's name, and none reads anything. Not {@link
   * #workerGroup}, which a worker leaves when it can't take orders (ADR 0042).
   *
   * @throws IllegalArgumentException unless {@link #isQueueName}
   */
  public static String presenceGroup(String queue) {
    return PRESENCE_GROUP_PREFIX + checked(queue);
  }

  private static String checked(String queue) {
    if (!isQueueName(queue)) {
      throw new IllegalArgumentException(
          "A queue's name has 1 to 200 letters, digits, dots, underscores and hyphens, unlike '%s'"
              .formatted(queue));
    }
    return queue;
  }

  /** All topics but the task queues, which come into being one by one: {@link #queue}. */
  public static List<TopicSpec> catalogue(TopicLayout layout) {
    return Stream.of(
            lane(Lane.STANDARD, layout, WEEK, HISTORY_KEPT),
            // Express executions last five minutes; who is down for longer than a day has lost
            // them.
            lane(Lane.EXPRESS, layout, Duration.ofDays(1), WEEK),
            List.of(expressChildren(layout)),
            shared(layout))
        .flatMap(List::stream)
        .toList();
  }

  /** The topics of a lane. */
  private static List<TopicSpec> lane(
      Lane lane, TopicLayout layout, Duration commands, Duration history) {
    LaneTopics topics = LaneTopics.of(lane);
    return List.of(
        spec(
            topics.inbox(),
            layout.partitions(),
            true,
            new Cleanup.Delete(commands),
            ONE_PAYLOAD_BYTES,
            layout,
            "the API and workers, never in a transaction",
            "coordinators"),
        spec(
            topics.peer(),
            layout.partitions(),
            true,
            new Cleanup.Delete(commands),
            // A part of a shard's results ends with one that may have an input and an output in it.
            MAX_RECORD_BYTES,
            layout,
            "coordinators",
            "coordinators"),
        spec(
            topics.history(),
            layout.partitions(),
            true,
            new Cleanup.Delete(history),
            MAX_RECORD_BYTES,
            layout,
            "coordinators",
            "the history view, anyone"),
        spec(
            topics.replies(),
            layout.partitions(),
            false,
            // Nobody waits for longer than StartSyncExecution, and who was away starts at the end.
            new Cleanup.Delete(Duration.ofMinutes(10)),
            ONE_PAYLOAD_BYTES,
            layout,
            "coordinators",
            "the coordinator whose call waits"));
  }

  private static TopicSpec expressChildren(TopicLayout layout) {
    return spec(
        LaneTopics.of(Lane.EXPRESS).childHistory(),
        layout.partitions(),
        true,
        new Cleanup.Delete(EXPRESS_CHILDREN_KEPT),
        MAX_RECORD_BYTES,
        layout,
        "coordinators",
        "every coordinator, for lists; anyone");
  }

  private static List<TopicSpec> shared(TopicLayout layout) {
    return List.of(
        spec(
            START_EXECUTION,
            layout.partitions(),
            false,
            new Cleanup.Delete(WEEK),
            ONE_PAYLOAD_BYTES,
            layout,
            "anyone",
            "coordinators"),
        spec(
            COMPLETIONS,
            layout.partitions(),
            false,
            new Cleanup.Delete(WEEK),
            ONE_PAYLOAD_BYTES,
            layout,
            "coordinators",
            "downstream systems"),
        spec(
            EXECUTION_LOGS,
            layout.partitions(),
            false,
            new Cleanup.Delete(WEEK),
            ONE_PAYLOAD_BYTES,
            layout,
            "coordinators",
            "log shippers, coordinators"),
        spec(
            STATUS_CHANGES,
            layout.partitions(),
            false,
            new Cleanup.Delete(WEEK),
            ONE_PAYLOAD_BYTES,
            layout,
            "coordinators",
            "downstream systems"),
        spec(
            DEFINITIONS,
            1,
            true,
            new Cleanup.Compact(WEEK),
            MAX_RECORD_BYTES,
            layout,
            "the API",
            "coordinators"),
        spec(
            WORKERS,
            1,
            false,
            // Announcements repeat every few seconds: close segments often, or a start reads days.
            new Cleanup.Compact(Duration.ofHours(1)),
            ONE_PAYLOAD_BYTES,
            layout,
            "workers",
            "coordinators, the console"),
        queueControls(layout),
        abandoned(layout),
        spec(
            DLQ,
            3,
            false,
            new Cleanup.Delete(Duration.ofDays(14)),
            MAX_RECORD_BYTES,
            layout,
            "coordinators, workers",
            "operators"),
        spec(
            DLQ_MARKS,
            1,
            true,
            // A segment of letters outlives their fourteen days by the week after which it is
            // rolled; a mark must not be gone before its letter.
            new Cleanup.Delete(Duration.ofDays(30)),
            ONE_PAYLOAD_BYTES,
            layout,
            "the API",
            "coordinators"),
        spec(
            BULK_OPERATIONS,
            1,
            true,
            // Progress is written every few hundred milliseconds while one goes on.
            new Cleanup.Compact(Duration.ofHours(1)),
            ONE_PAYLOAD_BYTES,
            layout,
            "the API, the coordinator that carries them out",
            "coordinators"),
        spec(
            LAYOUT,
            1,
            true,
            new Cleanup.Compact(WEEK),
            ONE_PAYLOAD_BYTES,
            layout,
            "the first coordinator, growth",
            "coordinators"),
        // As long as AWS keeps events that nobody has asked to be kept.
        spec(
            AUDIT,
            3,
            false,
            new Cleanup.Delete(HISTORY_KEPT),
            ONE_PAYLOAD_BYTES,
            layout,
            "the API",
            "auditors"));
  }

  /** {@link #ABANDONED}. Who wasn't listening has missed it, so it is kept for a short time. */
  static TopicSpec abandoned(TopicLayout layout) {
    return spec(
        ABANDONED,
        1,
        false,
        new Cleanup.Delete(Duration.ofDays(1)),
        ONE_PAYLOAD_BYTES,
        layout,
        "coordinators",
        "workers");
  }

  /** {@link #QUEUES}. */
  static TopicSpec queueControls(TopicLayout layout) {
    return spec(
        QUEUES,
        1,
        true,
        new Cleanup.Compact(WEEK),
        ONE_PAYLOAD_BYTES,
        layout,
        "the API",
        "workers, coordinators");
  }

  /**
   * The topic of a task queue. Orders wait there while no worker is up, and a lost one would leave
   * its execution waiting, so they are kept for long.
   *
   * @throws IllegalArgumentException unless {@link #isQueueName}
   */
  public static TopicSpec queue(String queue, TopicLayout layout) {
    return spec(
        tasks(queue),
        layout.queuePartitions(),
        false,
        new Cleanup.Delete(Duration.ofDays(30)),
        orderBytes(queue),
        layout,
        "coordinators",
        "workers (group %s)".formatted(workerGroup(queue)));
  }

  /** The largest record of a task queue's topic. */
  public static int orderBytes(String queue) {
    return queue.equals(STORAGE_QUEUE) ? MAX_RECORD_BYTES : ONE_PAYLOAD_BYTES;
  }

  private static TopicSpec spec(
      String name,
      int partitions,
      boolean partitionsFixed,
      Cleanup cleanup,
      int maxRecordBytes,
      TopicLayout layout,
      String writers,
      String readers) {
    return new TopicSpec(
        name,
        partitions,
        partitionsFixed,
        cleanup,
        maxRecordBytes,
        layout.replicationFactor(),
        layout.minInsyncReplicas(),
        writers,
        readers);
  }
}
