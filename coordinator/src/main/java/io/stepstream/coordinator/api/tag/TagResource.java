package io.stepstream.coordinator.api.tag;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.definition.Tags;
import java.util.concurrent.CompletionStage;

/** Adds tags to a state machine or an activity. */
final class TagResource implements Action {

  private final Tags tags;

  TagResource(Tags tags) {
    this.tags = tags;
  }

  @Override
  public String name() {
    return "TagResource";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.tagged(call.required("resourceArn"))
        .then(
            arn ->
                TagList.check(call.parameters().path("tags"), arn)
                    .then(
                        added ->
                            tags.add(arn, added)
                                .thenApply(outcome -> TagAnswers.of(arn, outcome))));
  }
}
