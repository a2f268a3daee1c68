package io.stepstream.coordinator.api.activity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.ActivityDefinitions;
import io.stepstream.schemas.ActivityDefinition;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tells about an activity. */
final class DescribeActivity implements Action {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ActivityDefinitions activities;

  DescribeActivity(ActivityDefinitions activities) {
    this.activities = activities;
  }

  @Override
  public String name() {
    return "DescribeActivity";
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return Arns.activity(call.required("activityArn"))
        .then(
            arn ->
                activities
                    .describe(arn)
                    .thenApply(
                        found ->
                            found
                                .<Answer>map(
                                    activity -> Answer.success(json -> write(json, activity)))
                                .orElseGet(() -> Refusals.activityDoesNotExist(arn))));
  }

  private static void write(JsonMembers json, ActivityDefinition activity) {
    json.text("activityArn", activity.getActivityArn())
        .text("name", activity.getName())
        .time("creationDate", activity.getCreationDate());
    encryption(json, activity.getEncryption());
  }

  private static void encryption(JsonMembers json, @Nullable ByteBuffer encryption) {
    if (encryption == null) {
      json.object("encryptionConfiguration", of -> of.text("type", "AWS_OWNED_KEY"));
      return;
    }
    try {
      json.tree(
          "encryptionConfiguration",
          JSON.readTree(StandardCharsets.UTF_8.decode(encryption.duplicate()).toString()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
