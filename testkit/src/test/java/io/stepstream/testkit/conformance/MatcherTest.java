package io.stepstream.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A runner that finds no differences would be of no use. */
class MatcherTest {

  private static final String PLACEHOLDERS =
      """
      {"id":"x","category":"c","placeholders":{"bindings":[
        {"value":"queue-1","placeholder":"<queue>"},
        {"regex":"Request ID: [a-z0-9-]+","placeholder":"Request ID: <request_id>"}],
       "ignored":[{"jsonpath":"$..token","placeholder":"a_token"}]}}\
      """;

  private final Matcher matcher = new Matcher(new RecordedCase((Map<?, ?>) json(PLACEHOLDERS)));

  private static Object json(String text) {
    return RecordedCase.tree(text.getBytes(StandardCharsets.UTF_8));
  }

  private @Nullable String difference(String expected, String actual) {
    return matcher.difference("at", json(expected), json(actual));
  }

  @Test
  void shouldFindDifferencesOfValuesMembersAndOrder() {
    assertThat(difference("{\"a\":[1,{\"b\":2}]}", "{\"a\":[1,{\"b\":3}]}"))
        .isEqualTo("at.a[1].b: expected 2 but was 3");
    assertThat(difference("{\"a\":1}", "{\"a\":1,\"b\":1}")).contains("at.b: expected nothing");
    assertThat(difference("{\"a\":1,\"b\":1}", "{\"a\":1}")).contains("but was nothing");
    assertThat(difference("[1,2]", "[2,1]")).isNotNull();
    assertThat(difference("\"a\"", "\"b\"")).isNotNull();
    assertThat(difference("1", "\"1\"")).isNull(); // a number may be the text of a payload
    assertThat(difference("{\"a\":1}", "{\"a\":1.0}")).isNull();
  }

  @Test
  void shouldRewriteNamesBeforeItCompares() {
    assertThat(difference("\"to <queue>\"", "\"to queue-1\"")).isNull();
    assertThat(difference("\"(Request ID: <request_id>)\"", "\"(Request ID: 12-ab)\"")).isNull();
    assertThat(difference("\"arn:<partition>:sqs:<region>:1:q\"", "\"arn:aws:sqs:us-east-1:1:q\""))
        .isNull();
    assertThat(difference("\"to <queue>!\"", "\"to queue-1\"")).isNotNull();
  }

  @Test
  void shouldReadTheTextOfAnArrayIntoWhichTheRecorderHasWritten() {
    String expected = "\"[{\\\"at\\\": \\\"<date>\\\", \\\"n\\\": 1}]\"";
    assertThat(difference(expected, "\"[{\\\"n\\\":1,\\\"at\\\":1700000000}]\"")).isNull();
    assertThat(difference(expected, "\"[{\\\"n\\\":2,\\\"at\\\":1700000000}]\"")).isNotNull();
    assertThat(difference("\"[1, 2]\"", "\"[1,2]\"")).as("otherwise it is text").isNotNull();
  }

  @Test
  void shouldBindATokenToOneText() {
    assertThat(difference("\"<uuid:1>/<uuid:2>\"", "\"a/b\"")).isNull();
    assertThat(difference("\"<uuid:1>\"", "\"a\"")).isNull();
    assertThat(difference("\"<uuid:1>\"", "\"b\"")).isNotNull();
  }

  @Test
  void shouldTakeWordsOfTheRecorderForAnything() {
    assertThat(difference("{\"t\":\"timestamp\",\"u\":\"a_token\"}", "{\"t\":1,\"u\":{}}"))
        .isNull();
    assertThat(difference("\"timestamps\"", "\"now\"")).isNotNull();
  }

  @Test
  void shouldCompareTextThatIsAnObjectAsJson() {
    String text = Json.encode("{\"b\": 2, \"a\": 1}");
    assertThat(difference("{\"a\":1,\"b\":2}", text)).isNull();
    assertThat(difference("{\"a\":1,\"b\":3}", text)).isNotNull();
    // but arrays are AWS's raw text
    assertThat(difference("\"[1,2]\"", "\"[1, 2]\"")).isNotNull();
  }

  @Test
  void shouldIgnoreWhatTheSdkOfAServiceAdds() {
    assertThat(difference("{\"a\":1,\"SdkHttpMetadata\":{}}", "{\"a\":1}")).isNull();
  }

  @Test
  void shouldNotExpectOfAnOldRecordingWhatAwsTellsSinceRedrives() {
    String now =
        "{\"Status\":\"SUCCEEDED\",\"RedriveCount\":0,\"RedriveStatus\":\"NOT_REDRIVABLE\"}";
    String recorded = "{\"category\":\"callback\",\"source\":{\"recordedDate\":\"%s, 16:45:39\"}}";

    assertThat(
            new Matcher(new RecordedCase((Map<?, ?>) json(recorded.formatted("12-08-2023"))))
                .difference("at", json("{\"Status\":\"SUCCEEDED\"}"), json(now)))
        .isNull();
    assertThat(
            new Matcher(new RecordedCase((Map<?, ?>) json(recorded.formatted("15-11-2023"))))
                .difference("at", json("{\"Status\":\"SUCCEEDED\"}"), json(now)))
        .contains("at.RedriveCount: expected nothing");
  }
}
