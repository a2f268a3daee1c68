package io.stepstream.coordinator.gate;

import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Rendering;
import io.stepstream.coordinator.api.rest.Problem;
import io.stepstream.coordinator.api.rest.Problems;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Refusals in the form of what was called: AWS's for its actions, a problem for all others. */
final class Sender {

  private static final String JSON_1_0 = "application/x-amz-json-1.0";

  private Sender() {}

  /**
   * @param status of a problem; AWS's refusals have their own
   */
  static void refuse(
      RoutingContext context, String requestId, int status, String title, Answer.Refusal refusal) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.putHeader("x-amzn-RequestId", requestId).putHeader("Cache-Control", "no-store");
    if (context.request().path().equals("/")) {
      response
          .setStatusCode(refusal.status())
          .putHeader("Content-Type", JSON_1_0)
          .end(Buffer.buffer(Rendering.json(refusal)));
    } else {
      if (status == 401) {
        response.putHeader("WWW-Authenticate", "Bearer");
      }
      Problems.answer(
          response, new Problem(status, title, refusal.message(), null, mend(status), null));
    }
  }

  private static String mend(int status) {
    return switch (status) {
      case 401 -> "Send an API key as 'Authorization: Bearer', sign the request, or log in";
      case 403 -> "Ask for a statement in stepstream.security.policies-file that allows it";
      case 404 -> "GET /api/openapi tells what there is";
      case 429 -> "Wait a moment and try again";
      default -> "Send another request";
    };
  }

  /** What is still under way can't be told from a next request. */
  static void hangUp(RoutingContext context) {
    context.request().connection().close();
  }
}
