package io.stepstream.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.api.ApiFixture.Result;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HistoryPagesTest {

  private final ApiFixture api = new ApiFixture();
  private final String arn = api.execution(api.machine("m", "STANDARD"), "e", "{}");

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void shouldGiveTheFirstHundredByDefault() {
    events(249, 0);

    assertThat(ids(page(null))).isEqualTo(range(1, 100));
    assertThat(ids(page(null, "maxResults", 0))).isEqualTo(range(1, 100));
    assertThat(ids(page(null, "maxResults", 1000))).isEqualTo(range(1, 250));
  }

  @Test
  void shouldGiveEveryEventOnceInPages() {
    events(249, 0);

    assertThat(all(70, false)).isEqualTo(range(1, 250));
  }

  @Test
  void shouldGiveEveryEventOnceInPagesInReverse() {
    events(249, 0);

    List<Long> reversed = new ArrayList<>(range(1, 250));
    java.util.Collections.reverse(reversed);
    assertThat(all(50, true)).isEqualTo(reversed);
  }

  @Test
  void shouldEndAPageBeforeItsPayloadsOutgrowTheBound() {
    events(60, 200_000);

    Result first = page(null, "maxResults", 1000);

    assertThat(first.body().get("events").size()).isBetween(2, 40);
    assertThat(first.body().has("nextToken")).isTrue();
    assertThat(all(1000, false)).isEqualTo(range(1, 61));
    assertThat(ids(page(null, "maxResults", 1000, "includeExecutionData", false)))
        .isEqualTo(range(1, 61));
  }

  @Test
  void shouldRefuseATokenOfAnotherQuery() {
    events(249, 0);
    String token = page(null).text("nextToken");

    List<Result> refused =
        List.of(
            page("x" + token.substring(1)),
            page("nonsense"),
            page(token, "reverseOrder", true),
            api.call(
                "GetExecutionHistory",
                "executionArn",
                ApiFixture.ACCOUNT + "execution:m:other",
                "nextToken",
                token));

    assertThat(refused).extracting(Result::error).containsOnly("InvalidToken");
    assertThat(refused).extracting(Result::status).containsOnly(400);
  }

  @Test
  void shouldLeavePayloadsOutWhenTheyAreNotWanted() {
    JsonNode started =
        page(null, "includeExecutionData", false)
            .body()
            .at("/events/0/executionStartedEventDetails");

    assertThat(started).isEqualTo(ApiFixture.json("{\"roleArn\":\"" + ApiFixture.ROLE + "\"}"));
  }

  private void events(int count, int payload) {
    ByteBuffer output = ByteBuffer.wrap(("\"" + "x".repeat(payload) + "\"").getBytes(UTF_8));
    for (int i = 0; i < count; i++) {
      api.executions.record(
          arn,
          HistoryEventType.PassStateExited,
          HistoryEventDetails.newBuilder().setName("S").setOutput(output).build());
    }
  }

  private List<Long> all(int maxResults, boolean reverse) {
    List<Long> ids = new ArrayList<>();
    String token = null;
    do {
      Result page = page(token, "maxResults", maxResults, "reverseOrder", reverse);
      assertThat(page.status()).isEqualTo(200);
      ids.addAll(ids(page));
      token = page.body().path("nextToken").textValue();
    } while (token != null);
    return ids;
  }

  private Result page(@Nullable String token, Object... members) {
    List<@Nullable Object> all = new ArrayList<>(List.of(members));
    all.add("executionArn");
    all.add(arn);
    all.add("nextToken");
    all.add(token);
    return api.call("GetExecutionHistory", all.toArray());
  }

  private static List<Long> ids(Result page) {
    List<Long> ids = new ArrayList<>();
    page.body().get("events").forEach(event -> ids.add(event.get("id").longValue()));
    return ids;
  }

  private static List<Long> range(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(Long::valueOf).toList();
  }
}
