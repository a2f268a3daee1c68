package io.stepstream.coordinator.api.activity;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.definition.ActivityDefinitions;
import io.stepstream.coordinator.definition.DefinitionPage;
import io.stepstream.schemas.ActivityDefinition;
import java.util.concurrent.CompletionStage;

/** Lists the activities. */
final class ListActivities implements Action {

  private static final String QUERY = "ListActivities";

  private final ActivityDefinitions activities;
  private final PageTokens tokens;

  ListActivities(ActivityDefinitions activities, PageTokens tokens) {
    this.activities = activities;
    this.tokens = tokens;
  }

  @Override
  public String name() {
    return QUERY;
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return tokens
        .position(QUERY, call.text("nextToken"), -1)
        .then(after -> activities.list(after, call.maxResults()).thenApply(this::answer));
  }

  private Answer answer(DefinitionPage<ActivityDefinition> page) {
    return Answer.success(
        json ->
            json.objects(
                    "activities",
                    page.definitions(),
                    activity ->
                        json.text("activityArn", activity.value().getActivityArn())
                            .text("name", activity.value().getName())
                            .time("creationDate", activity.value().getCreationDate()))
                .text(
                    "nextToken",
                    page.more()
                        ? tokens.issue(QUERY, page.definitions().getLast().offset())
                        : null));
  }
}
