#!/bin/sh
# Grants each component of Stepstream what it needs and nothing more.
# Usage: BOOTSTRAP=host:port [COMMAND_CONFIG=admin.properties] [KAFKA_ACLS=kafka-acls.sh] ./acls.sh
set -eu
: "${BOOTSTRAP:?host:port of a broker}"

allow() {
  "${KAFKA_ACLS:-kafka-acls.sh}" --bootstrap-server "$BOOTSTRAP" \
    ${COMMAND_CONFIG:+--command-config "$COMMAND_CONFIG"} --add --force "$@"
}

# coordinator
# commands of the API to the node that carries them out
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.std.inbox
# messages between coordinators
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.std.peer
# a record per state transition, and the views of them
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.history
# answers to the node whose call waits
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.std.replies
# commands of the API to the node that carries them out
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.exp.inbox
# messages between coordinators
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.exp.peer
# a record per state transition, and the views of them
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.exp.history
# answers to the node whose call waits
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.exp.replies
# Express children of Map runs
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.exp.children
# starts by record; redriven ones go back there
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.start-execution
# the ends of executions
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Write --operation Create --operation DescribeConfigs --topic stepstream.completions
# logs of executions, which it may repeat on its standard output
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.execution-logs
# changes of statuses
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Write --operation Create --operation DescribeConfigs --topic stepstream.status-changes
# state machines and all else that is defined
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.definitions
# who serves which tasks
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Create --operation DescribeConfigs --topic stepstream.workers
# limits of task queues
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.queues
# tasks nobody waits for
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Write --operation Create --operation DescribeConfigs --topic stepstream.abandoned
# what can't be carried out, and its redrive
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.dlq
# which letters are redriven or discarded
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.dlq-marks
# stops and redrives of many executions
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.bulk-operations
# over how many partitions executions are spread
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.layout
# who has called what
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Write --operation Create --operation DescribeConfigs --topic stepstream.audit
# orders for workers
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Write --operation Create --operation DescribeConfigs --topic stepstream.tasks. --resource-pattern-type prefixed
# changelogs of the state stores, which Kafka Streams makes
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream- --resource-pattern-type prefixed
# reading everything above
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --group stepstream- --resource-pattern-type prefixed
# a group per trigger, deleted with it; the topics that triggers read have to be allowed one by one
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Read --operation Delete --group stepstream.trigger. --resource-pattern-type prefixed
# backlog of queues; workers must begin with the oldest order
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Describe --operation DescribeConfigs --operation AlterConfigs --group stepstream.workers. --resource-pattern-type prefixed
# how many workers a queue has
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Describe --group stepstream.presence. --resource-pattern-type prefixed
# each step is a transaction
allow --allow-principal "User:${COORDINATOR:-stepstream-coordinator}" --operation Write --transactional-id stepstream- --resource-pattern-type prefixed

# worker
# takes orders, and publishes those anew that must wait
allow --allow-principal "User:${WORKER:-stepstream-worker}" --operation Read --operation Write --operation Create --operation DescribeConfigs --topic stepstream.tasks. --resource-pattern-type prefixed
# results of tasks
allow --allow-principal "User:${WORKER:-stepstream-worker}" --operation Write --topic stepstream.std.inbox
# results of tasks
allow --allow-principal "User:${WORKER:-stepstream-worker}" --operation Write --topic stepstream.exp.inbox
# tells what it serves
allow --allow-principal "User:${WORKER:-stepstream-worker}" --operation Write --topic stepstream.workers
# limits of its queues
allow --allow-principal "User:${WORKER:-stepstream-worker}" --operation Read --operation Create --operation DescribeConfigs --topic stepstream.queues
# which of its tasks nobody waits for
allow --allow-principal "User:${WORKER:-stepstream-worker}" --operation Read --operation Create --operation DescribeConfigs --topic stepstream.abandoned
# orders that can't be read or kill workers
allow --allow-principal "User:${WORKER:-stepstream-worker}" --operation Write --topic stepstream.dlq
# shares its queues with other workers
allow --allow-principal "User:${WORKER:-stepstream-worker}" --operation Read --operation DescribeConfigs --operation AlterConfigs --group stepstream.workers. --resource-pattern-type prefixed
# shares their limits
allow --allow-principal "User:${WORKER:-stepstream-worker}" --operation Read --group stepstream.presence. --resource-pattern-type prefixed

# starter
# starts executions
allow --allow-principal "User:${STARTER:-stepstream-starter}" --operation Write --topic stepstream.start-execution

# subscriber
# the ends of executions
allow --allow-principal "User:${SUBSCRIBER:-stepstream-subscriber}" --operation Read --topic stepstream.completions
# changes of statuses
allow --allow-principal "User:${SUBSCRIBER:-stepstream-subscriber}" --operation Read --topic stepstream.status-changes
# logs of executions
allow --allow-principal "User:${SUBSCRIBER:-stepstream-subscriber}" --operation Read --topic stepstream.execution-logs
# groups of its own
allow --allow-principal "User:${SUBSCRIBER:-stepstream-subscriber}" --operation Read --group stepstream-subscriber- --resource-pattern-type prefixed

# auditor
# who has called what
allow --allow-principal "User:${AUDITOR:-stepstream-auditor}" --operation Read --topic stepstream.audit
# groups of its own
allow --allow-principal "User:${AUDITOR:-stepstream-auditor}" --operation Read --group stepstream-auditor- --resource-pattern-type prefixed
