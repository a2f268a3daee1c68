package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Activities;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.access.Permissions;

/**
 * What tasks need of the installation around the lanes.
 *
 * @param tokens the same on all nodes, and after a restart
 * @param permissions of the roles of state machines
 */
public record TaskWorld(TaskTokens tokens, Activities activities, Permissions permissions) {}
