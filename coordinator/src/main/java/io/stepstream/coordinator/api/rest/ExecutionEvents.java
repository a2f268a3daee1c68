package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.execution.LiveEvents;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.topic.HistoryHeaders;
import io.vertx.core.Context;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The events of one execution, to its end. The log tells that there are more; they are read from
 * its history, page by page as the client takes them, so a slow client costs no memory.
 *
 * <p>Log and history are two readers of one topic. What the log had passed when this began to
 * listen is never told, and the history may not have had it either when it was read, most of all
 * while a node starts. So the history is looked at again though nothing was told, soon at first and
 * then as often as the client hears that the stream is alive.
 *
 * <p>All of it happens on the connection's context.
 */
final class ExecutionEvents {

  private static final int PAGE = 100;

  /** The history may be behind the log for a moment. */
  private static final long LOOK_AGAIN_MILLIS = 50;

  private static final long NO_TIMER = -1;

  private final Connection connection;
  private final Context context;
  private final Histories histories;
  private final String arn;
  private final boolean payloads;
  private final Runnable closed;

  private LiveEvents.@Nullable Following following;
  private @Nullable EventStream stream;

  /** The id of the last event that was sent, or that the client had before. */
  private long sent;

  private @Nullable HistoryEventType latest;

  /** The log has told of an event with this id. */
  private long known;

  private boolean reading;

  /** Until the history is looked at though nothing was told. */
  private long pauseMillis = LOOK_AGAIN_MILLIS;

  private long timer = NO_TIMER;

  /** The history has more than was read. */
  private boolean more;

  private boolean gone;

  /**
   * @param after the id of the last event that the client has
   * @param closed called once, when all is over
   */
  ExecutionEvents(
      Connection connection,
      Histories histories,
      String arn,
      long after,
      boolean payloads,
      Runnable closed) {
    this.connection = connection;
    this.context = connection.vertx().getOrCreateContext();
    this.histories = histories;
    this.arn = arn;
    this.sent = after;
    this.payloads = payloads;
    this.closed = closed;
  }

  void begin(LiveEvents live) {
    connection.response().closeHandler(_ -> close());
    try {
      // Before the history is read, or what comes between is missed.
      following =
          live.follow(
              arn,
              id -> context.runOnContext(_ -> grown(id)),
              () -> context.runOnContext(_ -> interrupted()));
    } catch (Unavailable e) {
      refuse(Problem.of(e));
      return;
    }
    read();
  }

  private void grown(long id) {
    known = Math.max(known, id);
    read();
  }

  private void read() {
    if (reading || more || gone) {
      return;
    }
    reading = true;
    histories
        .events(arn, false, sent, PAGE, payloads)
        .whenComplete((answer, failure) -> context.runOnContext(_ -> take(answer, failure)));
  }

  private void take(Histories.@Nullable Answer answer, @Nullable Throwable failure) {
    reading = false;
    if (gone) {
      return;
    }
    if (answer == null || answer.status() != 200) {
      failed(answer, failure);
      return;
    }
    JsonNode events = answer.body().path("events");
    if (stream == null && events.isEmpty()) {
      lookForEnd();
      return;
    }
    EventStream open = open();
    for (JsonNode event : events) {
      sent = event.path("id").asLong();
      latest = type(event);
      open.sendOneOfFew("history", Long.toString(sent), event.toString());
    }
    more = answer.body().has("nextToken");
    if (!more) {
      goOn();
    } // otherwise when the client has taken these
  }

  /** All that the history has was sent. */
  private void goOn() {
    ExecutionStatus status = latest == null ? ExecutionStatus.RUNNING : status(latest);
    if (known <= sent && status != ExecutionStatus.RUNNING) {
      open().end("end", null, "{\"status\":\"" + status + "\"}");
    } else if (known > sent) {
      lookAgainIn(LOOK_AGAIN_MILLIS);
    } else {
      lookAgainIn(pauseMillis);
      pauseMillis = Math.min(2 * pauseMillis, connection.heartbeat().toMillis());
    }
  }

  /** One timer at a time, or each event would leave one that goes on for ever. */
  private void lookAgainIn(long millis) {
    connection.vertx().cancelTimer(timer);
    timer = connection.vertx().setTimer(millis, _ -> read());
  }

  /** The client has all events that there are; whether more will come the last one says. */
  private void lookForEnd() {
    reading = true;
    histories
        .events(arn, true, 0, 1, false)
        .whenComplete(
            (answer, failure) ->
                context.runOnContext(
                    _ -> {
                      reading = false;
                      if (gone) {
                        return;
                      }
                      if (answer == null || answer.status() != 200) {
                        failed(answer, failure);
                        return;
                      }
                      JsonNode last = answer.body().path("events").path(0);
                      if (last.path("id").asLong() > sent) {
                        read(); // it came meanwhile
                      } else if (status(type(last)) != ExecutionStatus.RUNNING) {
                        // A client that connects again by itself stops at this.
                        connection.response().setStatusCode(204).end();
                        close();
                      } else {
                        open();
                        goOn();
                      }
                    }));
  }

  private EventStream open() {
    if (stream == null) {
      stream = new EventStream(connection, this::taken, this::close);
    }
    return stream;
  }

  private void taken() {
    if (more) {
      more = false;
      read();
    }
  }

  private void failed(Histories.@Nullable Answer answer, @Nullable Throwable failure) {
    refuse(
        answer == null
            ? Problem.of(failure == null ? new IllegalStateException("no answer") : failure)
            : problem(answer));
  }

  private Problem problem(Histories.Answer answer) {
    String message = answer.body().path("message").asText();
    return switch (answer.body().path("__type").asText()) {
      case "ExecutionDoesNotExist" ->
          Problem.notFound(
              "There is no execution " + arn,
              "Check the ARN; Express executions and what ended 90 days ago have no history");
      case "InvalidArn" ->
          Problem.invalid("arn", null, message, "Send the ARN of a Standard execution");
      case "ServiceUnavailable" ->
          Problem.unavailable(
              message, Duration.ofSeconds(answer.retryAfter() == null ? 1 : answer.retryAfter()));
      default -> Problem.of(new IllegalStateException(answer.body().toString()));
    };
  }

  /** As an answer, or as the last event if the answer has begun. */
  private void refuse(Problem problem) {
    if (stream == null) {
      Problems.answer(connection.response(), problem);
      close();
    } else {
      stream.end("error", null, Problems.json(problem));
    }
  }

  private void interrupted() {
    if (!gone) {
      refuse(Problem.unavailable("This node follows the log no longer", Duration.ofSeconds(2)));
    }
  }

  private void close() {
    if (!gone) {
      gone = true;
      connection.vertx().cancelTimer(timer);
      if (following != null) {
        following.close();
      }
      closed.run();
    }
  }

  private static HistoryEventType type(JsonNode event) {
    String name = event.path("type").asText();
    for (HistoryEventType type : HistoryEventType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return HistoryEventType.UNKNOWN; // of a newer node
  }

  private static ExecutionStatus status(HistoryEventType type) {
    return HistoryHeaders.statusAfter(type);
  }
}
