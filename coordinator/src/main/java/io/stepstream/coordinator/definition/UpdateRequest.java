package io.stepstream.coordinator.definition;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a machine, checked in every respect but its existence.
 *
 * @param definition valid for the machine's type; null: as it is
 * @param roleArn null: as it is
 * @param configuration members of AWS's request; those that are absent stay as they are
 * @param publication null: no version is wanted
 */
public record UpdateRequest(
    String stateMachineArn,
    byte @Nullable [] definition,
    @Nullable String roleArn,
    JsonNode configuration,
    @Nullable Publication publication) {}
