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

  private final HttpSettings settings;

  private @Nullable WebClient client;

  @Inject
  public HttpInvokeHandler(Config config) {
    this(HttpSettings.of(config));
  }

  HttpInvokeHandler(HttpSettings settings) {
    this.settings = settings;
  }

  @Override
  public List<String> serves() {
    return List.of(INVOKE, TRACE);
  }

  @Override
  public JsonNode handle(JsonNode input, TaskContext context) throws InterruptedException {
    HttpCall call = HttpCall.of(input);
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
    HttpAnswer answer = answer(call, connection);
    return connection == null ? answer : answer.without(connection);
  }

  /** Redirects of what may be asked for twice are followed; others are the answer. */
  private HttpAnswer answer(HttpCall call, @Nullable Connection connection)
      throws InterruptedException {
    long end = System.nanoTime() + settings.timeout().toNanos();
    HttpCall next = call;
    Connection shown = connection;
    for (int redirects = 0; ; redirects++) {
      HttpAnswer answer = send(next, shown, Duration.ofNanos(end - System.nanoTime()));
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

  private HttpAnswer send(HttpCall call, @Nullable Connection connection, Duration time)
      throws InterruptedException {
    try {
      return client().send(call, connection, time);
    } catch (AddressGuard.Refused e) {
      throw new TaskFailedException("States.Permissions", e.getMessage());
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("nobody waits for the answer any more");
      }
      String problem =
          "%s: %s".formatted(e.getClass().getSimpleName(), String.valueOf(e.getMessage()));
      throw new TaskFailedException(
          "States.Http.Socket", connection == null ? problem : connection.strikeOut(problem));
    }
  }

  /** Made late: a worker whose tasks call no API pays nothing for it. */
  private synchronized WebClient client() {
    if (client == null) {
      client = new WebClient(settings);
    }
    return client;
  }

  @Override
  @PreDestroy
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
