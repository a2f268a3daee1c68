package io.stepstream.coordinator.console;

import io.stepstream.coordinator.api.ApiConfig;
import io.stepstream.coordinator.api.rest.Problem;
import io.stepstream.coordinator.api.rest.Problems;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a browser sends under a name that isn't ours. Without authentication whoever reaches
 * the port is trusted, with it a browser has a session, and a page of another site reaches it once
 * its own name leads to this address (DNS rebinding): the browser then takes both for the same
 * origin, and only the name in {@code Host} tells.
 *
 * <p>Looked at are {@code /console} and {@code /api}, and every other request with an {@code
 * Origin}, which browsers put on each POST. Programs that call AWS's actions may use any name, as
 * they must with the {@code sync-} that SDKs put before it.
 */
@Singleton
final class BrowserGuard {

  private static final int BEFORE_EVERYTHING = -1000;
  private static final int MISDIRECTED = 421;

  private final Set<String> names;

  BrowserGuard(ApiConfig config) {
    this.names =
        config.hosts().orElse(List.of()).stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
  }

  void register(@Observes Router router) {
    router.route().order(BEFORE_EVERYTHING).handler(this::look);
  }

  private void look(RoutingContext context) {
    HttpServerRequest request = context.request();
    String origin = request.getHeader("Origin");
    String path = context.normalizedPath();
    boolean forBrowsers = isUnder("/api", path) || isUnder("/console", path);
    if (!forBrowsers && origin == null) {
      context.next();
      return;
    }
    HostAndPort authority = request.authority();
    String host = authority == null ? null : authority.host();
    if (!isOurs(host)) {
      refuse(context, host);
    } else if (origin != null && !isOurs(hostOf(origin))) {
      refuse(context, origin);
    } else {
      context.next();
    }
  }

  private static boolean isUnder(String prefix, String path) {
    return path.startsWith(prefix)
        && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
  }

  /** Nobody's name server answers for an address, nor for {@code localhost}. */
  private boolean isOurs(@Nullable String host) {
    if (host == null || host.isEmpty()) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.startsWith("[")
        || isIpv4(name)
        || names.contains(name);
  }

  /** Four numbers: what merely looks like them, as {@code 1.2.3.example}, is a name. */
  private static boolean isIpv4(String name) {
    return name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
  }

  private static @Nullable String hostOf(String origin) {
    try {
      return new URI(origin).getHost();
    } catch (URISyntaxException _) {
      return null;
    }
  }

  private static void refuse(RoutingContext context, @Nullable String name) {
    Problems.answer(
        context.response(),
        new Problem(
            MISDIRECTED,
            "Not our name",
            "Browsers are not served under the name '%s'".formatted(name),
            new Problem.Where("Host", null),
            "Call this node by its IP address or as localhost, or put the name into"
                + " stepstream.api.hosts",
            null));
  }
}
