package io.stepstream.coordinator.definition;

import io.stepstream.schemas.Lane;

/**
 * A machine to be defined, checked in every respect but its uniqueness.
 *
 * @param definition valid for the lane; the text as it was given
 */
public record CreateRequest(
    String stateMachineArn,
    String name,
    Lane lane,
    String roleArn,
    byte[] definition,
    MachineConfiguration configuration) {}
