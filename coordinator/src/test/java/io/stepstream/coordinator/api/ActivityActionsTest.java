package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.api.ApiFixture.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Activities themselves, and tags of whatever can have them. */
class ActivityActionsTest {

  private static final String ACTIVITY = ApiFixture.ACCOUNT + "activity:a";

  private final ApiFixture api = new ApiFixture();

  @AfterEach
  void close() {
    api.close();
  }

  private static List<Map<String, String>> tags(String... keysAndValues) {
    List<Map<String, String>> tags = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      tags.add(Map.of("key", keysAndValues[i], "value", keysAndValues[i + 1]));
    }
    return tags;
  }

  private Result tag(String arn, List<Map<String, String>> tags) {
    return api.call("TagResource", "resourceArn", arn, "tags", tags);
  }

  private String tagsOf(String arn) {
    StringBuilder all = new StringBuilder();
    api.call("ListTagsForResource", "resourceArn", arn)
        .body()
        .path("tags")
        .forEach(
            tag ->
                all.append(tag.path("key").asText())
                    .append('=')
                    .append(tag.path("value").asText())
                    .append(' '));
    return all.toString().strip();
  }

  @Test
  void shouldCreateDescribeAndDeleteAnActivity() {
    Result created = api.call("CreateActivity", "name", "a", "tags", tags("k", "v"));
    Result again = api.call("CreateActivity", "name", "a", "tags", tags("other", "v"));

    assertThat(created.text("activityArn")).isEqualTo(ACTIVITY);
    assertThat(again.body()).isEqualTo(created.body());
    assertThat(tagsOf(ACTIVITY)).isEqualTo("k=v");
    Result described = api.call("DescribeActivity", "activityArn", ACTIVITY);
    assertThat(described.text("name")).isEqualTo("a");
    assertThat(described.body().path("creationDate"))
        .isEqualTo(created.body().path("creationDate"));
    assertThat(described.body().at("/encryptionConfiguration/type").asText())
        .isEqualTo("AWS_OWNED_KEY");

    for (int i = 0; i < 2; i++) { // AWS: one that isn't there is deleted already
      assertThat(api.call("DeleteActivity", "activityArn", ACTIVITY).status()).isEqualTo(200);
    }
    assertThat(api.call("DescribeActivity", "activityArn", ACTIVITY).error())
        .isEqualTo("ActivityDoesNotExist");
    assertThat(api.call("GetActivityTask", "activityArn", ACTIVITY).error())
        .isEqualTo("ActivityDoesNotExist");
    assertThat(api.call("ListTagsForResource", "resourceArn", ACTIVITY).error())
        .isEqualTo("ResourceNotFound");
    api.call("CreateActivity", "name", "a");
    assertThat(tagsOf(ACTIVITY)).isEmpty();
  }

  @Test
  void shouldRefuseActivitiesThatCannotBe() {
    assertThat(api.call("CreateActivity", "name", "a b").message())
        .isEqualTo("Invalid Name: 'a b'");
    assertThat(
            api.call(
                    "CreateActivity",
                    "name",
                    "a",
                    "encryptionConfiguration",
                    Map.of("type", "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId", "k"))
                .error())
        .as("no keys are configured")
        .isEqualTo("KmsAccessDeniedException");
    api.call("CreateActivity", "name", "a");
    assertThat(
            api.call(
                    "CreateActivity",
                    "name",
                    "a",
                    "encryptionConfiguration",
                    Map.of("type", "AWS_OWNED_KEY"))
                .error())
        .isEqualTo("ActivityAlreadyExists");
    assertThat(api.call("DescribeActivity", "activityArn", "activity").message())
        .isEqualTo("Invalid Arn: 'Invalid ARN prefix: activity'");
  }

  @Test
  void shouldListActivitiesInPages() {
    List<String> arns = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      arns.add(api.call("CreateActivity", "name", "a" + i).text("activityArn"));
    }
    List<String> listed = new ArrayList<>();
    String token = null;
    do {
      Result page = api.call("ListActivities", "maxResults", 2, "nextToken", token);
      listed.addAll(page.body().path("activities").findValuesAsText("activityArn"));
      token = page.body().path("nextToken").textValue();
    } while (token != null);

    assertThat(listed).containsExactlyElementsOf(arns);
    assertThat(api.call("ListActivities", "nextToken", "forged").error()).isEqualTo("InvalidToken");
  }

  @Test
  void shouldChangeTags() {
    String machine =
        api.call(
                "CreateStateMachine",
                "name",
                "m",
                "definition",
                ApiFixture.PASS,
                "roleArn",
                ApiFixture.ROLE,
                "tags",
                tags("a", "1", "b", "2"))
            .text("stateMachineArn");
    assertThat(tagsOf(machine)).isEqualTo("a=1 b=2");

    tag(machine, tags("b", "3", "c", ""));
    assertThat(tagsOf(machine)).isEqualTo("a=1 b=3 c=");

    api.call("UntagResource", "resourceArn", machine, "tagKeys", List.of("a", "c", "none"));
    assertThat(tagsOf(machine)).isEqualTo("b=3");
    // A new revision has nothing to do with them.
    api.call("UpdateStateMachine", "stateMachineArn", machine, "roleArn", ApiFixture.ROLE + "x");
    assertThat(tagsOf(machine)).isEqualTo("b=3");

    api.call("UntagResource", "resourceArn", machine, "tagKeys", List.of("b"));
    assertThat(tagsOf(machine)).isEmpty();
  }

  @Test
  void shouldRefuseTagsThatCannotBe() {
    String machine = api.machine("m", "STANDARD");
    List<Map<String, String>> many =
        IntStream.range(0, 50).mapToObj(i -> Map.of("key", "k" + i, "value", "")).toList();

    assertThat(tag(machine, many).status()).isEqualTo(200);
    assertThat(tag(machine, tags("k49", "v")).status()).isEqualTo(200);
    assertThat(tag(machine, tags("one more", "v")).error()).isEqualTo("TooManyTags");
    assertThat(tag(machine, tags("aws:k", "v")).error()).isEqualTo("ValidationException");
    assertThat(tag(machine, tags("k!", "v")).error()).isEqualTo("ValidationException");
    assertThat(tag(machine, List.of(Map.of("value", "v"))).error())
        .isEqualTo("ValidationException");
    assertThat(tag(machine + ":1", tags("k", "v")).error()).isEqualTo("ResourceNotFound");
    assertThat(tag(ACTIVITY, tags("k", "v")).error()).isEqualTo("ResourceNotFound");
    assertThat(tag("arn:aws:states:us-east-1:111111111111:execution:m:e", tags("k", "v")).error())
        .isEqualTo("InvalidArn");
    assertThat(api.call("UntagResource", "resourceArn", ACTIVITY, "tagKeys", List.of("k")).error())
        .isEqualTo("ResourceNotFound");
  }
}
