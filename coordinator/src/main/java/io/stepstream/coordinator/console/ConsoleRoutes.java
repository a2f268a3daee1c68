package io.stepstream.coordinator.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /console} and all below it. A path with no file behind it is a page of the console,
 * which the one HTML file draws from the address; only below {@code assets/} a missing file is
 * missing, or a browser would take a page for the script it asked for.
 */
@Singleton
final class ConsoleRoutes {

  private static final String PREFIX = "/console";
  private static final String ASSETS = "assets/";
  private static final String INDEX = "index.html";

  /** Stands in the page where the nonce of a response goes. */
  private static final String NONCE = "{{nonce}}";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final ConsoleFiles files = new ConsoleFiles();

  void register(@Observes Router router) {
    router.getWithRegex(PREFIX + "(?:/.*)?").order(-1).handler(this::serve);
  }

  private void serve(RoutingContext context) {
    String path = context.normalizedPath();
    String name = path.length() <= PREFIX.length() ? "" : path.substring(PREFIX.length() + 1);
    boolean packed = acceptsGzip(context.request());
    context
        .vertx()
        .executeBlocking(() -> name.startsWith(ASSETS) ? files.find(name, packed) : page(), false)
        .onSuccess(found -> answer(context, name, found))
        .onFailure(context::fail);
  }

  private ConsoleFiles.@Nullable File page() {
    return files.find(INDEX, false);
  }

  private static void answer(
      RoutingContext context, String name, ConsoleFiles.@Nullable File found) {
    HttpServerResponse response = context.response();
    response
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    if (name.startsWith(ASSETS)) {
      asset(response, found);
    } else {
      page(response, found);
    }
  }

  /** Its name changes with its content, so it may be kept forever. */
  private static void asset(HttpServerResponse response, ConsoleFiles.@Nullable File found) {
    if (found == null) {
      response
          .setStatusCode(404)
          .putHeader("Content-Type", "text/plain; charset=utf-8")
          .putHeader("Cache-Control", "no-store")
          .end("There is no such file: the console was updated. Load the page again.\n");
      return;
    }
    if (found.packed()) {
      response.putHeader("Content-Encoding", "gzip");
    }
    response
        .putHeader("Content-Type", found.type())
        .putHeader("Cache-Control", "public, max-age=31536000, immutable")
        .putHeader("Vary", "Accept-Encoding")
        .end(Buffer.buffer(found.content()));
  }

  private static void page(HttpServerResponse response, ConsoleFiles.@Nullable File found) {
    String nonce = nonce();
    response
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Content-Security-Policy", policy(nonce));
    if (found == null) {
      response.setStatusCode(404).end(WITHOUT_CONSOLE);
    } else {
      response.end(found.text().replace(NONCE, nonce));
    }
  }

  /**
   * Styles need the nonce, since the component library and the editor put rules of their own into
   * the page; scripts come from files alone. Pictures from {@code blob:} are the exported graph.
   */
  private static String policy(String nonce) {
    return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-%s'; img-src 'self' data: blob:;"
            .formatted(nonce)
        + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none';"
        + " frame-ancestors 'none'";
  }

  private static String nonce() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static boolean acceptsGzip(HttpServerRequest request) {
    String encodings = request.getHeader("Accept-Encoding");
    return encodings != null && encodings.contains("gzip");
  }

  private static final String WITHOUT_CONSOLE =
      """
      <!doctype html>
      <html lang="en">
      <head><meta charset="utf-8"><title>Stepstream</title></head>
      <body>
      <h1>This build has no console</h1>
      <p>The console is built with Node 20.19 or newer, which was not on the PATH, or the build was told
      <code>-Dconsole.skip</code>. Everything else works: this port serves the API of AWS Step Functions, and
      <a href="/api/openapi">/api</a>.</p>
      <p>To have it, install Node and run <code>mvn -DskipTests package</code> again.</p>
      </body>
      </html>
      """;
}
