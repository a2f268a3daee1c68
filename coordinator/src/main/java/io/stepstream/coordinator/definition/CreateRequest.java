package io.stepstream.coordinator.definition;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.ResourceTag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine to be defined, checked in every respect but its uniqueness.
 *
 * @param definition valid for the lane; the text as it was given
 * @param publication null: no version is wanted
 */
public record CreateRequest(
    String stateMachineArn,
    String name,
    Lane lane,
    String roleArn,
    byte[] definition,
    MachineConfiguration configuration,
    List<ResourceTag> tags,
    @Nullable Publication publication) {

  public CreateRequest {
    tags = List.copyOf(tags);
  }
}
