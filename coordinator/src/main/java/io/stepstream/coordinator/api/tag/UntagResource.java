package io.stepstream.coordinator.api.tag;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.definition.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Removes tags from a state machine or an activity. */
final class UntagResource implements Action {

  private final Tags tags;

  UntagResource(Tags tags) {
    this.tags = tags;
  }

  @Override
  public String name() {
    return "UntagResource";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    List<String> keys = new ArrayList<>();
    for (JsonNode key : call.parameters().path("tagKeys")) {
      keys.add(key.asText());
    }
    return Arns.tagged(call.required("resourceArn"))
        .then(arn -> tags.remove(arn, keys).thenApply(outcome -> TagAnswers.of(arn, outcome)));
  }
}
