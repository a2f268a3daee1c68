package io.stepstream.coordinator.api.tag;

import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.TagOutcome;

/** What the actions that change tags answer. */
final class TagAnswers {

  private TagAnswers() {}

  static Answer of(String resourceArn, TagOutcome outcome) {
    return switch (outcome) {
      case DONE -> Answer.success(_ -> {});
      case NO_SUCH_RESOURCE -> Refusals.resourceNotFound(resourceArn);
      case TOO_MANY -> Refusals.tooManyTags(resourceArn);
    };
  }
}
