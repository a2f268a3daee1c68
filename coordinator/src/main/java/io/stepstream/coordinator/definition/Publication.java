package io.stepstream.coordinator.definition;

import org.jspecify.annotations.Nullable;

/**
 * That a machine's revision is to be published as a version.
 *
 * @param description of the version
 */
public record Publication(@Nullable String description) {}
