package io.stepstream.integrations.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.worker.handler.JsonText;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TracedCallTest {

  private static final String CONTEXT = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";

  private static HttpCall call(String headers) throws IOException {
    return HttpCall.of(
        JsonText.read(
            """
            {"ApiEndpoint": "http://127.0.0.1/", "Method": "GET", "Headers": {%s}}
            """
                .formatted(headers)
                .getBytes(UTF_8)));
  }

  @Test
  void shouldTakeTheTasksContextAlong() throws IOException {
    HttpCall call = call("\"X-Mine\": \"m\"").tracedBy(Optional.of(CONTEXT));
    assertThat(call.headers())
        .containsExactlyInAnyOrderEntriesOf(Map.of("traceparent", CONTEXT, "X-Mine", "m"));
  }

  @Test
  void shouldLeaveWhatTheStateSaysAndWhatIsNotTraced() throws IOException {
    HttpCall own = call("\"Traceparent\": \"mine\"").tracedBy(Optional.of(CONTEXT));
    assertThat(own.headers().values()).containsExactly("mine");
    HttpCall untraced = call("");
    assertThat(untraced.tracedBy(Optional.empty())).isSameAs(untraced);
  }
}
