package io.stepstream.coordinator.api.version;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.definition.DefinedResources;
import java.util.List;

/** The actions of this package. */
public final class VersionActions {

  private VersionActions() {}

  public static List<Action> all(DefinedResources resources, PageTokens tokens) {
    return List.of(
        new PublishStateMachineVersion(resources.versions()),
        new ListStateMachineVersions(resources.versions(), tokens),
        new DeleteStateMachineVersion(resources.versions()),
        new CreateStateMachineAlias(resources.aliases()),
        new UpdateStateMachineAlias(resources.aliases()),
        new DescribeStateMachineAlias(resources.aliases()),
        new DeleteStateMachineAlias(resources.aliases()),
        new ListStateMachineAliases(resources.machines(), resources.aliases(), tokens));
  }
}
