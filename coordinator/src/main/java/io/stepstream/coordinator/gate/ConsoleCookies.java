package io.stepstream.coordinator.gate;

import io.stepstream.coordinator.access.ProviderLogin;
import io.stepstream.coordinator.access.SecurityConfig;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** What browsers keep for the console. No script can read any of it. */
@Singleton
final class ConsoleCookies {

  static final String SESSION = "stepstream-session";
  static final String ATTEMPT = "stepstream-login";

  private final SecurityConfig config;

  ConsoleCookies(SecurityConfig config) {
    this.config = config;
  }

  /** Not sent along from other sites. */
  Cookie session(String value, HttpServerRequest request) {
    return cookie(SESSION, value, request)
        .setPath("/")
        .setSameSite(CookieSameSite.STRICT)
        .setMaxAge(config.sessionLifetime().toSeconds());
  }

  /**
   * A login that has begun. Sent along when the provider's page sends the browser back, which is
   * another site: a strict one would be missing then.
   */
  Cookie attempt(String value, HttpServerRequest request) {
    return cookie(ATTEMPT, value, request)
        .setPath(LoginRoutes.PATH)
        .setSameSite(CookieSameSite.LAX)
        .setMaxAge(ProviderLogin.lifetime().toSeconds());
  }

  private Cookie cookie(String name, String value, HttpServerRequest request) {
    return Cookie.cookie(name, value).setHttpOnly(true).setSecure(isSecure(request));
  }

  /** Whether the browser speaks HTTPS: to this node, or to what stands before it. */
  boolean isSecure(HttpServerRequest request) {
    return config.secureCookies() || request.isSSL();
  }

  static @Nullable String value(HttpServerRequest request, String name) {
    Cookie cookie = request.getCookie(name);
    return cookie == null ? null : cookie.getValue();
  }
}
