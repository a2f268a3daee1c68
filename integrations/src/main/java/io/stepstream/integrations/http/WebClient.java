package io.stepstream.integrations.http;

import io.stepstream.integrations.CallClock;
import io.stepstream.worker.handler.TaskHandler;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls where they may go: over https to the public Internet and what is allowed besides,
 * over http only to what is allowed. Does nothing that a call doesn't say: no redirects, no second
 * attempts, no cookies, no proxies of the environment. Thread safe.
 */
final class WebClient implements AutoCloseable {

  private static final Timeout CONNECT = Timeout.ofSeconds(5);

  /** More than a worker has permits by default. */
  private static final int CONNECTIONS = 512;

  /** A server could send headers for ever. */
  private static final Http1Config HEADERS =
      Http1Config.custom().setMaxHeaderCount(256).setMaxLineLength(32 * 1024).build();

  static final String AGENT = "Stepstream|HttpInvoke";

  /** One byte more than a result may have shows that it is too large. */
  private static final int BODY_LIMIT = TaskHandler.MOST_RESULT_BYTES + 1;

  private final CloseableHttpClient encrypted;
  private final CloseableHttpClient plain;
  private final ScheduledThreadPoolExecutor clock = CallClock.start("stepstream-http-clock");

  WebClient(HttpSettings settings) {
    this.encrypted = client(new AddressGuard(settings.allowed(), true, settings.lookup()));
    this.plain = client(new AddressGuard(settings.allowed(), false, settings.lookup()));
  }

  private static CloseableHttpClient client(AddressGuard guard) {
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(guard)
                .setConnectionFactory(
                    ManagedHttpClientConnectionFactory.builder().http1Config(HEADERS).build())
                .setMaxConnTotal(CONNECTIONS)
                .setMaxConnPerRoute(CONNECTIONS)
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom().setConnectTimeout(CONNECT).build())
                .build())
        .setDefaultRequestConfig(RequestConfig.custom().setRedirectsEnabled(false).build())
        .setUserAgent(AGENT)
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .build();
  }

  /**
   * @param connection whose secrets go along, or null
   * @param time how long the whole exchange may take
   * @throws IOException there was no answer
   * @throws InterruptedException nobody waits for the answer any more
   */
  HttpAnswer send(HttpCall call, @Nullable Connection connection, Duration time)
      throws IOException, InterruptedException {
    HttpUriRequestBase request = new HttpUriRequestBase(call.method(), call.endpoint());
    call.headers().forEach(request::setHeader);
    byte @Nullable [] content = call.content();
    if (content != null) {
      request.setEntity(new ByteArrayEntity(content, ContentType.parseLenient(call.contentType())));
    }
    if (connection != null) {
      connection.headers().forEach(request::setHeader);
    }
    boolean secure = call.endpoint().getScheme().equalsIgnoreCase("https");
    // Set before the call is cancelled: it may fail before the alarm is done.
    AtomicBoolean overdue = new AtomicBoolean();
    Future<?> alarm =
        clock.schedule(
            () -> {
              overdue.set(true);
              request.cancel();
            },
            time.toNanos(),
            TimeUnit.NANOSECONDS);
    try {
      return read((secure ? encrypted : plain).executeOpen(null, request, null));
    } catch (IOException | CancellationException e) {
      // A call that is cancelled fails in as many ways as it has steps. While it waits for a
      // connection an interrupt cancels it too, and is forgotten.
      boolean late = overdue.get();
      if (Thread.interrupted() || !late && e instanceof CancellationException) {
        throw (InterruptedException)
            new InterruptedException("nobody waits for the answer any more").initCause(e);
      }
      if (late) {
        throw (SocketTimeoutException)
            new SocketTimeoutException("no answer within the time that a call has").initCause(e);
      }
      throw e;
    } finally {
      alarm.cancel(false);
      // An answer that was read to its end has given its connection back. Any other must not be
      // closed, which would read the rest of it first.
      request.cancel();
    }
  }

  private static HttpAnswer read(ClassicHttpResponse response) throws IOException {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (Header header : response.getHeaders()) {
      headers.computeIfAbsent(header.getName(), _ -> new ArrayList<>()).add(header.getValue());
    }
    HttpEntity entity = response.getEntity();
    String type = entity == null ? null : entity.getContentType();
    String reason = response.getReasonPhrase();
    return new HttpAnswer(
        response.getCode(),
        reason == null ? "" : reason,
        headers,
        HttpAnswer.type(type),
        entity == null
            ? ""
            : new String(entity.getContent().readNBytes(BODY_LIMIT), charset(type)));
  }

  private static Charset charset(@Nullable String type) {
    ContentType parsed = ContentType.parseLenient(type);
    Charset charset = parsed == null ? null : parsed.getCharset();
    return charset == null ? StandardCharsets.UTF_8 : charset;
  }

  @Override
  public void close() {
    encrypted.close(CloseMode.IMMEDIATE);
    plain.close(CloseMode.IMMEDIATE);
    clock.shutdownNow();
  }
}
