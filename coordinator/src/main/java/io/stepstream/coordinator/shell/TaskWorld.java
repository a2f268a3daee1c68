package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Activities;
import io.stepstream.asl.engine.TaskTokens;

/**
 * What tasks need of the installation around the lanes.
 *
 * @param tokens the same on all nodes, and after a restart
 */
public record TaskWorld(TaskTokens tokens, Activities activities) {}
