/**
 * The topics: their names and settings ({@link io.stepstream.schemas.topic.Topics}), their creation
 * ({@link io.stepstream.schemas.topic.TopicProvisioner}), which partition an execution lives in
 * ({@link io.stepstream.schemas.topic.ExecutionKey}) and the headers of records.
 *
 * <p>Invariant: an execution's partition is a pure function of its ARN and the partition count. All
 * nodes, in all releases, must agree on it, or an execution has two writers. Partition counts are
 * therefore checked and never changed.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.schemas.topic;
