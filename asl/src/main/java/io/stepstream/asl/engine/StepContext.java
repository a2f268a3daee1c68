package io.stepstream.asl.engine;

/**
 * What a step knows of the world.
 *
 * @param nowMillis the partition's clock, which never goes back
 * @param region for the {@code region} of task events
 * @param tokens signs the tokens of tasks
 */
public record StepContext(
    long nowMillis, String region, Limits limits, TaskTokens tokens, Activities activities) {}
