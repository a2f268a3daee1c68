package io.stepstream.coordinator.api.activity;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.PageTokens;
import io.stepstream.coordinator.definition.ActivityDefinitions;
import io.stepstream.coordinator.sealing.Seals;
import java.util.List;
import java.util.function.UnaryOperator;

/** The actions of this package. */
public final class ActivityActions {

  private ActivityActions() {}

  /**
   * The actions.
   *
   * @param arnOf the ARN of an activity that is created here, from its name
   */
  public static List<Action> all(
      ActivityDefinitions activities, PageTokens tokens, UnaryOperator<String> arnOf, Seals seals) {
    return List.of(
        new CreateActivity(activities, arnOf, seals),
        new DescribeActivity(activities),
        new ListActivities(activities, tokens),
        new DeleteActivity(activities));
  }
}
