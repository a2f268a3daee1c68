package io.stepstream.coordinator.gate;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Whether a browser sends a request for a page of this node. A browser puts {@code Origin} on every
 * request that changes something, and no page can choose it; a cookie that comes without it, or
 * with another one, was not sent by our page (CSRF).
 */
final class SameOrigin {

  private SameOrigin() {}

  static boolean isSaidBy(HttpServerRequest request) {
    String origin = request.getHeader("Origin");
    String host = request.authority() == null ? null : request.authority().toString();
    if (origin == null || host == null) {
      return false;
    }
    try {
      URI uri = new URI(origin);
      return uri.getRawAuthority() != null && uri.getRawAuthority().equalsIgnoreCase(host);
    } catch (URISyntaxException _) {
      return false;
    }
  }
}
