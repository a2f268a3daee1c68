package io.stepstream.coordinator.trigger;

import io.stepstream.schemas.TriggerFormat;
import org.jspecify.annotations.Nullable;

/**
 * A trigger as a caller wants it.
 *
 * @param stateMachineArn of a machine, a version or an alias
 * @param format of the topic's values; null: JSON, or what the topic has if it is one of ours
 * @param filter JSONata in its braces; null: every record starts an execution
 * @param input JSON with JSONata in it; null: the record's value
 * @param executionName JSONata in its braces; null: topic, partition and offset
 */
public record TriggerSpec(
    String name,
    String topic,
    String stateMachineArn,
    @Nullable TriggerFormat format,
    @Nullable String filter,
    byte @Nullable [] input,
    @Nullable String executionName,
    boolean paused) {}
