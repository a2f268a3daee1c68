package io.stepstream.asl.engine;

/**
 * Names an attempt of a task: what a task token stands for. Its text is made and read by {@link
 * TaskTokens}.
 */
public record TaskToken(String executionArn, long frameId, int epoch) {}
