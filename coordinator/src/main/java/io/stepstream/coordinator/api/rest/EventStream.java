package io.stepstream.coordinator.api.rest;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One response of server-sent events. Any thread may send; what the client doesn't take at once
 * waits, up to a bound. Beyond it the client is told so and cut off: it knows the last id that it
 * got, and may come back with it.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
final class EventStream {

  static final String CONTENT_TYPE = "text/event-stream";

  /** In events. */
  static final int MOST_WAITING = 2000;

  private static final long LARGEST_WAITING_BYTES = 8L * 1024 * 1024;

  /** For what waits to leave once the stream has ended. */
  private static final long LAST_WORDS_MILLIS = TimeUnit.SECONDS.toMillis(10);

  private static final Buffer HEARTBEAT = Buffer.buffer(": still here\n\n");
  private static final Buffer BEGINNING = Buffer.buffer("retry: 2000\n\n");

  private final HttpServerResponse response;
  private final Vertx vertx;
  private final Context context;
  private final Runnable taken;
  private final Runnable closed;
  private final long heartbeat;
  private final Deque<Buffer> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean ending;
  private boolean gone;

  /**
   * A stream whose headers leave at once. To be called on the connection's context.
   *
   * @param taken called on that context when nothing waits any more
   * @param closed called once, there too, when the client has gone or the stream has ended
   */
  EventStream(Connection connection, Runnable taken, Runnable closed) {
    this.response = connection.response();
    this.vertx = connection.vertx();
    this.context = vertx.getOrCreateContext();
    this.taken = taken;
    this.closed = closed;
    response
        .setChunked(true)
        .putHeader("Content-Type", CONTENT_TYPE)
        .putHeader("Cache-Control", "no-store")
        // A proxy must not keep what is meant for now.
        .putHeader("X-Accel-Buffering", "no")
        .drainHandler(_ -> flush())
        .exceptionHandler(_ -> hasGone())
        .closeHandler(_ -> hasGone())
        .endHandler(_ -> hasGone())
        .write(BEGINNING);
    this.heartbeat = vertx.setPeriodic(connection.heartbeat().toMillis(), _ -> beat());
  }

  /**
   * Sends an event, however much waits: for who sends only when nothing does.
   *
   * @param id as below
   */
  void sendOneOfFew(String event, String id, String data) {
    Buffer buffer = event(event, id, data);
    synchronized (this) {
      if (ending) {
        return;
      }
      add(buffer);
    }
    context.runOnContext(_ -> flush());
  }

  /**
   * Sends an event, unless the stream has ended.
   *
   * @param id what the client shows when it comes back; null: the last one stays
   * @param data without line breaks
   */
  void send(String event, @Nullable String id, String data) {
    Buffer buffer = event(event, id, data);
    synchronized (this) {
      if (ending) {
        return;
      }
      boolean fits =
          waiting.isEmpty()
              || waiting.size() < MOST_WAITING
                  && waitingBytes + buffer.length() <= LARGEST_WAITING_BYTES;
      if (!fits) {
        finish(
            event(
                "error",
                null,
                Problems.json(
                    new Problem(
                        503,
                        "Too slow",
                        "More happened than you took; nothing is lost if you come back",
                        null,
                        "Connect again with the last id in the header Last-Event-ID, or filter"
                            + " for less",
                        1L))));
        return;
      }
      add(buffer);
    }
    context.runOnContext(_ -> flush());
  }

  /** Sends a last event and ends. */
  synchronized void end(String event, @Nullable String id, String data) {
    if (!ending) {
      finish(event(event, id, data));
    }
  }

  private void finish(Buffer last) {
    add(last);
    ending = true;
    context.runOnContext(
        _ -> {
          flush();
          vertx.setTimer(
              LAST_WORDS_MILLIS,
              _ -> {
                if (!gone) {
                  response.reset();
                  hasGone();
                }
              });
        });
  }

  private void add(Buffer buffer) {
    waiting.add(buffer);
    waitingBytes += buffer.length();
  }

  /** How many more events may wait. */
  synchronized int room() {
    return ending ? 0 : MOST_WAITING - waiting.size();
  }

  // ------------------------------------------------------------------ on the context

  private void flush() {
    while (!gone && !response.writeQueueFull()) {
      Buffer next;
      boolean last;
      synchronized (this) {
        next = waiting.poll();
        waitingBytes -= next == null ? 0 : next.length();
        last = ending && waiting.isEmpty();
      }
      if (last) {
        if (next == null) {
          response.end();
        } else {
          response.end(next);
        }
        hasGone();
        return;
      }
      if (next == null) {
        taken.run();
        return;
      }
      response.write(next);
    }
  }

  private void beat() {
    if (!gone && !response.writeQueueFull()) {
      response.write(HEARTBEAT);
    }
  }

  private void hasGone() {
    if (!gone) {
      gone = true;
      synchronized (this) {
        ending = true;
        waiting.clear();
        waitingBytes = 0;
      }
      vertx.cancelTimer(heartbeat);
      closed.run();
    }
  }

  private static Buffer event(String event, @Nullable String id, String data) {
    StringBuilder text = new StringBuilder(data.length() + 64);
    text.append("event: ").append(event).append('\n');
    if (id != null) {
      text.append("id: ").append(id).append('\n');
    }
    return Buffer.buffer(text.append("data: ").append(data).append("\n\n").toString());
  }
}
