package io.stepstream.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.access.Caller;
import io.stepstream.coordinator.access.Demand;
import io.stepstream.coordinator.access.Origin;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.api.protocol.StrictJson;
import io.stepstream.coordinator.audit.AuditTrail;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Whether a caller may call an action, and what the audit log is told of it. */
final class ActionAccess {

  /** A larger answer has payloads, of which nothing would be shown. */
  private static final int LARGEST_SHOWN = 4096;

  private final Permissions permissions;
  private final ActionDemands demands;
  private final KeyDemands keys;
  private final AuditTrail trail;

  ActionAccess(Permissions permissions, ActionDemands demands, KeyDemands keys, AuditTrail trail) {
    this.keys = keys;
    this.permissions = permissions;
    this.demands = demands;
    this.trail = trail;
  }

  /**
   * Null: the caller may.
   *
   * @param parameters that satisfy the model's constraints
   */
  Answer.@Nullable Refusal refusal(Caller caller, String action, JsonNode parameters) {
    if (permissions.isOpen()) {
      return null;
    }
    for (Demand demand : demands.of(action, parameters)) {
      String denied = permissions.refusal(caller, demand);
      if (denied != null) {
        return Refusals.accessDenied(denied);
      }
    }
    for (Demand demand : keys.of(action, parameters)) {
      String denied = permissions.refusal(caller, demand);
      if (denied != null) {
        return Refusals.kmsAccessDenied(denied);
      }
    }
    return null;
  }

  /** Once per call, by the node that has let it in. */
  void tell(HttpCall http, String action, String requestId, HttpAnswer answer) {
    Origin origin = http.origin();
    if (!trail.isKept() || origin.handedOn() || origin.caller().kind() == Caller.Kind.NODE) {
      return;
    }
    AuditTrail.Call call = AuditTrail.Call.ofAction(action, json(http.body()), requestId);
    boolean refused = answer.status() >= 400;
    JsonNode body = answer.body().length > LARGEST_SHOWN ? null : json(answer.body());
    String code = refused && body != null ? body.path("__type").asText() : null;
    if (!call.readOnly() || isDenial(code)) {
      trail.record(
          origin,
          call,
          refused
              ? AuditTrail.End.error(code == null ? "HTTP " + answer.status() : code, message(body))
              : AuditTrail.End.success(body));
    }
  }

  private static boolean isDenial(@Nullable String code) {
    return "AccessDeniedException".equals(code) || "KmsAccessDeniedException".equals(code);
  }

  /** Messages may repeat what a caller has sent; only those of ours about permissions don't. */
  private static @Nullable String message(@Nullable JsonNode body) {
    return body != null && isDenial(body.path("__type").asText())
        ? body.path("message").asText()
        : null;
  }

  private static @Nullable JsonNode json(byte[] bytes) {
    try {
      return StrictJson.read(bytes);
    } catch (IOException _) {
      return null;
    }
  }
}
