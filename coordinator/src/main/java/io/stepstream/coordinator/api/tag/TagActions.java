package io.stepstream.coordinator.api.tag;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.definition.Tags;
import java.util.List;

/** The actions of this package. */
public final class TagActions {

  private TagActions() {}

  public static List<Action> all(Tags tags) {
    return List.of(new TagResource(tags), new UntagResource(tags), new ListTagsForResource(tags));
  }
}
