package io.stepstream.coordinator.api.activity;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.definition.ActivityDefinitions;
import java.util.concurrent.CompletionStage;

/** Deletes an activity. Tasks that wait for its workers wait on, until they time out. */
final class DeleteActivity implements Action {

  private final ActivityDefinitions activities;

  DeleteActivity(ActivityDefinitions activities) {
    this.activities = activities;
  }

  @Override
  public String name() {
    return "DeleteActivity";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.activity(call.required("activityArn"))
        .then(arn -> activities.delete(arn).thenApply(_ -> Answer.success(_ -> {})));
  }
}
