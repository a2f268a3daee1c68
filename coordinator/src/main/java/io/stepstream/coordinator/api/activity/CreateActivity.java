package io.stepstream.coordinator.api.activity;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.Encryption;
import io.stepstream.coordinator.api.protocol.Names;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.api.tag.TagList;
import io.stepstream.coordinator.definition.ActivityDefinitions;
import io.stepstream.coordinator.definition.ActivityOutcome;
import io.stepstream.coordinator.sealing.Seals;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Creates an activity. */
final class CreateActivity implements Action {

  private final ActivityDefinitions activities;
  private final Seals seals;
  private final UnaryOperator<String> arnOf;

  CreateActivity(ActivityDefinitions activities, UnaryOperator<String> arnOf, Seals seals) {
    this.seals = seals;
    this.activities = activities;
    this.arnOf = arnOf;
  }

  @Override
  public String name() {
    return "CreateActivity";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    JsonNode encryption = call.parameters().path("encryptionConfiguration");
    Answer.Refusal refusal = Encryption.refusal(encryption, seals);
    if (refusal != null) {
      return refusal.now();
    }
    byte[] encrypted =
        encryption.isObject() ? encryption.toString().getBytes(StandardCharsets.UTF_8) : null;
    return Names.check(call.required("name"))
        .then(
            name ->
                TagList.check(call.parameters().path("tags"), name)
                    .then(
                        tags ->
                            activities
                                .create(arnOf.apply(name), name, encrypted, tags)
                                .thenApply(outcome -> answer(arnOf.apply(name), outcome))));
  }

  private static Answer answer(String arn, ActivityOutcome outcome) {
    return switch (outcome) {
      case ActivityOutcome.Created(var activity) ->
          Answer.success(
              json ->
                  json.text("activityArn", activity.getActivityArn())
                      .time("creationDate", activity.getCreationDate()));
      case ActivityOutcome.AlreadyExists() -> Refusals.activityAlreadyExists(arn);
    };
  }
}
