package io.stepstream.schemas.acl;

import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * Who has a principal of its own at the brokers, and all that it may do. Everything else is refused
 * (KIP-11, KIP-290), which a test proves by running coordinator and workers with nothing more.
 */
public enum Component {
  /** Coordinators, which are the API too. */
  COORDINATOR("stepstream-coordinator") {
    @Override
    public List<Grant> grants() {
      List<Grant> grants = new ArrayList<>();
      for (Lane lane : List.of(Lane.STANDARD, Lane.EXPRESS)) {
        LaneTopics topics = LaneTopics.of(lane);
        grants.add(owned(topics.inbox(), "commands of the API to the node that carries them out"));
        grants.add(owned(topics.peer(), "messages between coordinators"));
        grants.add(owned(topics.history(), "a record per state transition, and the views of them"));
        grants.add(owned(topics.replies(), "answers to the node whose call waits"));
      }
      grants.add(owned(LaneTopics.of(Lane.EXPRESS).childHistory(), "Express children of Map runs"));
      grants.add(owned(Topics.START_EXECUTION, "starts by record; redriven ones go back there"));
      grants.add(
          Grant.topic(
              Topics.COMPLETIONS, "the ends of executions", WRITE, CREATE, DESCRIBE_CONFIGS));
      grants.add(
          Grant.topic(
              Topics.EXECUTION_LOGS,
              "logs of executions, which it may repeat on its standard output",
              READ,
              WRITE,
              CREATE,
              DESCRIBE_CONFIGS));
      grants.add(
          Grant.topic(
              Topics.STATUS_CHANGES, "changes of statuses", WRITE, CREATE, DESCRIBE_CONFIGS));
      grants.add(owned(Topics.DEFINITIONS, "state machines and all else that is defined"));
      grants.add(
          Grant.topic(Topics.WORKERS, "who serves which tasks", READ, CREATE, DESCRIBE_CONFIGS));
      grants.add(owned(Topics.QUEUES, "limits of task queues"));
      grants.add(
          Grant.topic(Topics.ABANDONED, "tasks nobody waits for", WRITE, CREATE, DESCRIBE_CONFIGS));
      grants.add(owned(Topics.DLQ, "what can't be carried out, and its redrive"));
      grants.add(owned(Topics.DLQ_MARKS, "which letters are redriven or discarded"));
      grants.add(owned(Topics.BULK_OPERATIONS, "stops and redrives of many executions"));
      grants.add(owned(Topics.LAYOUT, "over how many partitions executions are spread"));
      grants.add(Grant.topic(Topics.AUDIT, "who has called what", WRITE, CREATE, DESCRIBE_CONFIGS));
      grants.add(
          Grant.topics(Topics.TASKS_PREFIX, "orders for workers", WRITE, CREATE, DESCRIBE_CONFIGS));
      grants.add(
          Grant.topics(
              INTERNAL_PREFIX,
              "changelogs of the state stores, which Kafka Streams makes",
              READ,
              WRITE,
              CREATE,
              DESCRIBE_CONFIGS));
      grants.add(Grant.groups(INTERNAL_PREFIX, "reading everything above", READ));
      grants.add(
          Grant.groups(
              Topics.TRIGGER_GROUP_PREFIX,
              "a group per trigger, deleted with it; the topics that triggers read have to be"
                  + " allowed one by one",
              READ,
              DELETE));
      grants.add(
          Grant.groups(
              Topics.WORKER_GROUP_PREFIX,
              "backlog of queues; workers must begin with the oldest order",
              DESCRIBE,
              DESCRIBE_CONFIGS,
              ALTER_CONFIGS));
      grants.add(
          Grant.groups(Topics.PRESENCE_GROUP_PREFIX, "how many workers a queue has", DESCRIBE));
      grants.add(Grant.transactionalIds(INTERNAL_PREFIX, "each step is a transaction", WRITE));
      return List.copyOf(grants);
    }
  },

  /** Workers of any queue. For a pool of its own, put the queue's name behind the prefixes. */
  WORKER("stepstream-worker") {
    @Override
    public List<Grant> grants() {
      return List.of(
          Grant.topics(
              Topics.TASKS_PREFIX,
              "takes orders, and publishes those anew that must wait",
              READ,
              WRITE,
              CREATE,
              DESCRIBE_CONFIGS),
          Grant.topic(LaneTopics.of(Lane.STANDARD).inbox(), "results of tasks", WRITE),
          Grant.topic(LaneTopics.of(Lane.EXPRESS).inbox(), "results of tasks", WRITE),
          Grant.topic(Topics.WORKERS, "tells what it serves", WRITE),
          Grant.topic(Topics.QUEUES, "limits of its queues", READ, CREATE, DESCRIBE_CONFIGS),
          Grant.topic(
              Topics.ABANDONED,
              "which of its tasks nobody waits for",
              READ,
              CREATE,
              DESCRIBE_CONFIGS),
          Grant.topic(Topics.DLQ, "orders that can't be read or kill workers", WRITE),
          Grant.groups(
              Topics.WORKER_GROUP_PREFIX,
              "shares its queues with other workers",
              READ,
              DESCRIBE_CONFIGS,
              ALTER_CONFIGS),
          Grant.groups(Topics.PRESENCE_GROUP_PREFIX, "shares their limits", READ));
    }
  },

  /** Who starts executions by records. */
  STARTER("stepstream-starter") {
    @Override
    public List<Grant> grants() {
      return List.of(Grant.topic(Topics.START_EXECUTION, "starts executions", WRITE));
    }
  },

  /** Who reads what becomes of executions. */
  SUBSCRIBER("stepstream-subscriber") {
    @Override
    public List<Grant> grants() {
      return List.of(
          Grant.topic(Topics.COMPLETIONS, "the ends of executions", READ),
          Grant.topic(Topics.STATUS_CHANGES, "changes of statuses", READ),
          Grant.topic(Topics.EXECUTION_LOGS, "logs of executions", READ),
          Grant.groups("stepstream-subscriber-", "groups of its own", READ));
    }
  },

  /** Who reads the audit log. */
  AUDITOR("stepstream-auditor") {
    @Override
    public List<Grant> grants() {
      return List.of(
          Grant.topic(Topics.AUDIT, "who has called what", READ),
          Grant.groups("stepstream-auditor-", "groups of its own", READ));
    }
  };

  /** Application ids, consumer groups and transactional ids of coordinators begin so. */
  private static final String INTERNAL_PREFIX = "stepstream-";

  private final String defaultUser;

  Component(String defaultUser) {
    this.defaultUser = defaultUser;
  }

  /** The name of its principal in the files of {@code deploy}, without the type. */
  public String defaultUser() {
    return defaultUser;
  }

  /** All that it may do. */
  public abstract List<Grant> grants();

  private static Grant owned(String topic, String why) {
    return Grant.topic(topic, why, READ, WRITE, CREATE, DESCRIBE_CONFIGS);
  }
}
