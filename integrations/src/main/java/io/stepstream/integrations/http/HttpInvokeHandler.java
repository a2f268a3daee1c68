package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code arn:aws:states:::http:invoke}: calls an HTTP API. Serves {@code
 * arn:aws:stepstream:::http:trace} too, by which TestState does the same and is told what went over
 * the wire, see {@link HttpTrace}.
 */
@Singleton
public final class HttpInvokeHandler implements TaskHandler, AutoCloseable {

  private static final String INVOKE = "arn:aws:states:::http:invoke";
  private static final String TRACE = "arn:aws:stepstream:::http:trace";

  private static final int MOST_REDIRECTS = 5;
  private static final int UNAUTHORIZED = 401;

  private final HttpSettings settings;
  private final Tokens tokens;

  private final LateClient client;

  @Inject
  public HttpInvokeHandler(Config config) {
    this(HttpSettings.of(config));
  }

  HttpInvokeHandler(HttpSettings settings) {
    this(settings, System::nanoTime);
  }

  /**
   * @param nanos the clock by which tokens expire
   */
  HttpInvokeHandler(HttpSettings settings, LongSupplier nanos) {
    this.settings = settings;
    this.client = new LateClient(settings);
    this.tokens = new Tokens(nanos);
  }

  @Override
  public List<String> serves() {
    return List.of(INVOKE, TRACE);
  }

  @Override
  public JsonNode handle(JsonNode input, TaskContext context) throws InterruptedException {
    HttpCall call = HttpCall.of(input).tracedBy(context.traceParent());
    if (!context.target().equals(TRACE)) {
      return answer(call).result();
    }
    HttpTrace trace = new HttpTrace(call);
    try {
      HttpAnswer answer = answer(call);
      trace.answered(answer);
      return trace.succeeded(answer.result());
    } catch (TaskFailedException failure) {
      return trace.failed(failure);
    }
  }

  /** What the API answers, without the secrets of the connection. */
  private HttpAnswer answer(HttpCall given) throws InterruptedException {
    HttpCall call = given;
    Connection connection = call.connection().map(settings.connections()::find).orElse(null);
    if (connection != null) {
      if (!connection.mayBeShownTo(call.endpoint().getHost())) {
        throw new TaskFailedException(
            "States.Permissions",
            "The connection '%s' may not be shown to '%s': its AllowedHosts don't list it."
                .formatted(call.connection().orElseThrow(), call.endpoint().getHost()));
      }
      call = call.with(connection);
    }
    long end = System.nanoTime() + settings.timeout().toNanos();
    if (connection == null) {
      return answer(call, null, end);
    }
    ClientCredentials credentials = connection.credentials();
    if (credentials == null) {
      return answer(call, connection, end).without(connection);
    }
    Tokens.Token token = token(call, connection, credentials, null, end);
    Connection authorised = connection.authorisedBy(token.value());
    HttpAnswer answer = answer(call, authorised, end).without(authorised);
    if (answer.status() == UNAUTHORIZED && token.kept()) {
      // It may have been revoked before its time; a new one that is refused too is the answer.
      token = token(call, connection, credentials, token.value(), end);
      authorised = authorised.authorisedBy(token.value());
      answer = answer(call, authorised, end).without(authorised);
    }
    return answer;
  }

  private Tokens.Token token(
      HttpCall call,
      Connection connection,
      ClientCredentials credentials,
      @Nullable String refused,
      long end)
      throws InterruptedException {
    try {
      return tokens.of(
          credentials,
          refused,
          asked -> send(asked, connection, false, Duration.ofNanos(end - System.nanoTime())));
    } catch (Tokens.Refused e) {
      throw new TaskFailedException(
          "Events.ConnectionResource.InvalidConnectionState",
          "The AuthorizationEndpoint of the connection '%s' gave no token: %s."
              .formatted(call.connection().orElseThrow(), connection.strikeOut(e.getMessage())));
    }
  }

  /** Redirects of what may be asked for twice are followed; others are the answer. */
  private HttpAnswer answer(HttpCall call, @Nullable Connection connection, long end)
      throws InterruptedException {
    HttpCall next = call;
    Connection shown = connection;
    for (int redirects = 0; ; redirects++) {
      HttpAnswer answer = send(next, shown, true, Duration.ofNanos(end - System.nanoTime()));
      URI target = answer.redirect(next.endpoint());
      boolean safe = next.method().equals("GET") || next.method().equals("HEAD");
      if (target == null || !safe || redirects == MOST_REDIRECTS) {
        return answer;
      }
      if (!sameOrigin(next.endpoint(), target)) {
        shown = null;
      }
      next = next.at(target);
    }
  }

  private static boolean sameOrigin(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getHost().equalsIgnoreCase(other.getHost())
        && one.getPort() == other.getPort();
  }

  /**
   * @param connection whose secrets nobody is told
   * @param shown whether the connection's headers go along
   */
  private HttpAnswer send(
      HttpCall call, @Nullable Connection connection, boolean shown, Duration time)
      throws InterruptedException {
    try {
      return client.get().send(call, shown ? connection : null, time);
    } catch (AddressGuard.Refused e) {
      throw new TaskFailedException("States.Permissions", e.getMessage());
    } catch (IOException e) {
      String problem =
          "%s: %s".formatted(e.getClass().getSimpleName(), String.valueOf(e.getMessage()));
      throw new TaskFailedException(
          "States.Http.Socket", connection == null ? problem : connection.strikeOut(problem));
    }
  }

  @Override
  @PreDestroy
  public void close() {
    client.close();
  }
}
