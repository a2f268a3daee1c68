package io.stepstream.coordinator.api.rest;

import io.stepstream.coordinator.api.ApiConfig;
import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.execution.LiveEvents;
import io.stepstream.coordinator.execution.LogPosition;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.ExecutionStatus;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The streams of events, bounded in number. Beside JAX-RS, since they write when there is something
 * and the client takes it, and keep no thread.
 */
@Singleton
final class EventRoutes {

  static final String ALL = "/api/events";
  static final String OF_EXECUTION = "/api/executions/:arn/events";

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final String LAST_EVENT_ID = "lastEventId";

  private final Instance<LiveEvents> live;
  private final Instance<Histories> histories;
  private final int most;
  private final Duration heartbeat;
  private final AtomicInteger open = new AtomicInteger();
  private final ChangeWriter writer = new ChangeWriter();

  EventRoutes(Instance<LiveEvents> live, Instance<Histories> histories, ApiConfig config) {
    this.live = live;
    this.histories = histories;
    this.most = config.eventStreams();
    this.heartbeat = config.eventHeartbeat();
  }

  void register(@Observes Router router) {
    router.get(OF_EXECUTION).order(-1).handler(this::ofExecution);
    router.get(ALL).order(-1).handler(this::all);
  }

  private void ofExecution(RoutingContext context) {
    try {
      Parameters parameters =
          Parameters.of(QueryParameters.of(context), Set.of(LAST_EVENT_ID, "payloads"));
      boolean payloads = parameters.flag("payloads", true);
      long after = eventId(lastEventId(context, parameters));
      String arn = executionArn(context.pathParam("arn"));
      if (enter(context)) {
        new ExecutionEvents(
                connection(context), histories.get(), arn, after, payloads, open::decrementAndGet)
            .begin(live.get());
      }
    } catch (Parameters.Unusable e) {
      Problems.answer(context.response(), e.problem());
    }
  }

  private Connection connection(RoutingContext context) {
    return new Connection(context.vertx(), context.response(), heartbeat);
  }

  private static String executionArn(String text) throws Parameters.Unusable {
    return switch (Arns.standardExecution(text)) {
      case Checked.Valid<String>(String arn) -> arn;
      case Checked.Invalid<String>(var refusal) ->
          throw new Parameters.Unusable(
              Problem.invalid(
                  "arn",
                  null,
                  refusal.message(),
                  "Send the ARN of a Standard execution; a slash in it is %2F"));
    };
  }

  private static long eventId(@Nullable String text) throws Parameters.Unusable {
    if (text == null) {
      return 0;
    }
    if (text.matches("\\d{1,12}")) {
      return Long.parseLong(text);
    }
    throw notOurs("Send the id of an event of this execution, or none");
  }

  private void all(RoutingContext context) {
    try {
      Parameters parameters =
          Parameters.of(QueryParameters.of(context), Set.of(LAST_EVENT_ID, "machine", "status"));
      String machine = parameters.text("machine");
      Set<ExecutionStatus> statuses = parameters.statuses("status");
      LogPosition from = position(lastEventId(context, parameters));
      LogPosition now = live.get().now();
      if (from != null && from.partitions() > now.partitions()) {
        throw notOurs("Send the id of an event of this stream, or none");
      }
      if (enter(context)) {
        begin(context, machine, statuses, from == null ? now : from);
      }
    } catch (Parameters.Unusable e) {
      Problems.answer(context.response(), e.problem());
    } catch (Unavailable e) {
      Problems.answer(context.response(), Problem.of(e));
    }
  }

  private void begin(
      RoutingContext context,
      @Nullable String machine,
      Set<ExecutionStatus> statuses,
      LogPosition from) {
    AtomicReference<LiveEvents.@Nullable Following> following = new AtomicReference<>();
    EventStream stream =
        new EventStream(
            connection(context),
            () -> {
              LiveEvents.Following some = following.get();
              if (some != null) {
                some.goOn();
              }
            },
            () -> {
              open.decrementAndGet();
              LiveEvents.Following some = following.get();
              if (some != null) {
                some.close();
              }
            });
    // Who is cut off before anything happens knows where to go on as well.
    stream.send("open", from.toString(), "{}");
    ChangeEvents changes = new ChangeEvents(stream, machine, statuses, writer);
    try {
      following.set(live.get().follow(from, changes));
    } catch (Unavailable _) {
      changes.interrupted();
    }
  }

  private static @Nullable LogPosition position(@Nullable String text) throws Parameters.Unusable {
    if (text == null) {
      return null;
    }
    return LogPosition.of(text)
        .orElseThrow(() -> notOurs("Send the id of an event of this stream, or none"));
  }

  private static Parameters.Unusable notOurs(String mend) {
    return new Parameters.Unusable(
        Problem.invalid("Last-Event-ID", null, "This is no id of an event here", mend));
  }

  /** The header, which browsers send when they connect again; before that the parameter. */
  private static @Nullable String lastEventId(RoutingContext context, Parameters parameters)
      throws Parameters.Unusable {
    String header = context.request().getHeader("Last-Event-ID");
    return header == null || header.isEmpty() ? parameters.text(LAST_EVENT_ID) : header;
  }

  /** False: there are too many, and the client has been told. */
  private boolean enter(RoutingContext context) {
    if (open.incrementAndGet() <= most) {
      return true;
    }
    open.decrementAndGet();
    Problems.answer(
        context.response(),
        Problem.unavailable(
            "This node has %d streams of events, and takes no more".formatted(most), RETRY_AFTER));
    return false;
  }
}
