package io.stepstream.coordinator.api.tag;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.Tags;
import java.util.concurrent.CompletionStage;

/** Tells the tags of a state machine or an activity. */
final class ListTagsForResource implements Action {

  private final Tags tags;

  ListTagsForResource(Tags tags) {
    this.tags = tags;
  }

  @Override
  public String name() {
    return "ListTagsForResource";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.tagged(call.required("resourceArn"))
        .then(
            arn ->
                tags.list(arn)
                    .thenApply(
                        found ->
                            found
                                .<Answer>map(
                                    list ->
                                        Answer.success(
                                            json ->
                                                json.objects(
                                                    "tags",
                                                    list,
                                                    tag ->
                                                        json.text("key", tag.getKey())
                                                            .text("value", tag.getValue()))))
                                .orElseGet(() -> Refusals.resourceNotFound(arn))));
  }
}
