/**
 * Records of Kafka as tasks: {@link io.stepstream.integrations.kafka.KafkaPublishHandler}, {@link
 * io.stepstream.integrations.kafka.KafkaReadHandler}, and {@link
 * io.stepstream.integrations.kafka.ReadTopicHandler} and {@link
 * io.stepstream.integrations.kafka.PublishResultsHandler} for the items and results of distributed
 * Maps (ADRs 0038 and 0045).
 *
 * <p>Invariants. A definition names a connection, never a broker: only whoever runs the worker says
 * where connections lead. Topics of Stepstream and of Kafka itself are neither read nor written
 * unless the operator lists them. What is read ends at offsets that are known before the first
 * record is taken, and only committed records are read. An answer never exceeds what a task may
 * answer. Nothing of Kafka is touched before the first task that asks for it.
 */
@NullMarked
package io.stepstream.integrations.kafka;

import org.jspecify.annotations.NullMarked;
