package io.stepstream.coordinator.api;

import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Rendering;
import java.util.Optional;

/**
 * What goes back over HTTP.
 *
 * @param requestId of the header x-amzn-RequestId
 * @param retryAfterSeconds of the header Retry-After
 */
record HttpAnswer(int status, String requestId, Optional<Long> retryAfterSeconds, byte[] body) {

  static final String CONTENT_TYPE = "application/x-amz-json-1.0";

  static HttpAnswer of(String requestId, Answer answer) {
    return switch (answer) {
      case Answer.Success _ ->
          new HttpAnswer(200, requestId, Optional.empty(), Rendering.json(answer));
      case Answer.Refusal refusal ->
          new HttpAnswer(
              refusal.status(),
              requestId,
              Optional.ofNullable(refusal.retryAfter()).map(d -> Math.ceilDiv(d.toMillis(), 1000L)),
              Rendering.json(answer));
    };
  }
}
