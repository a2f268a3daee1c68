package io.stepstream.coordinator.shell;

import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.store.ActivityRows;
import io.stepstream.coordinator.store.ActivityRows.Place;
import io.stepstream.schemas.OfferedTask;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.topic.ExecutionKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The attempts that wait for workers of one activity, and the calls that wait for an attempt.
 *
 * <pre>
 *   offered ──> in the queue ──(a call waits)──> held for the call ──(taken, withdrawn)──> gone
 *                    ^                                 |
 *                    └──(the call stops or is silent)──┘
 * </pre>
 *
 * <p>The attempts are rows. Who waits, and what is held for whom, is known in memory only: where it
 * is lost, calls say again that they wait, and an attempt is offered a second time; whether a
 * worker gets it is decided by its execution's writer, once.
 *
 * <p>Not thread safe: confined to the partition's stream thread.
 */
final class ActivityQueue {

  /** How long a call may take to make an offer its own; then its node is thought to be gone. */
  private static final Duration HELD = Duration.ofSeconds(10);

  /** AWS's bound on the calls that poll one activity. */
  static final int MOST_CALLS = 1000;

  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);

  private record Hold(ReplyTo call, long untilMillis) {}

  private final ExecutionKey activity;
  private final ActivityRows rows;
  private final Answers answers;

  /** Until when each call waits, the longest-waiting one first. */
  private final Map<ReplyTo, Long> calls = new LinkedHashMap<>();

  private final Map<Place, Hold> held = new HashMap<>();

  /** No attempt is before it: a scan from the start would walk over all that were ever taken. */
  private Place from;

  private long usedMillis;

  ActivityQueue(ExecutionKey activity, ActivityRows rows, Answers answers) {
    this.activity = activity;
    this.rows = rows;
    this.answers = answers;
    this.from = ActivityRows.first(activity);
  }

  void offered(OfferedTask task, long nowMillis) {
    Place place =
        place(
            task.getExecutionArn(),
            task.getFrameId(),
            task.getEpoch(),
            task.getOfferedAt().toEpochMilli());
    rows.put(place, task);
    if (place.compareTo(from) < 0) {
      from = place;
    }
    serve(nowMillis);
  }

  void withdrawn(String executionArn, long frameId, int epoch, long offeredMillis, long nowMillis) {
    Place place = place(executionArn, frameId, epoch, offeredMillis);
    rows.delete(place);
    held.remove(place);
    usedMillis = nowMillis;
  }

  private Place place(String executionArn, long frameId, int epoch, long offeredMillis) {
    return ActivityRows.place(activity, executionArn, frameId, epoch, offeredMillis);
  }

  void polled(ReplyTo call, long waitMillis, long nowMillis) {
    calls.values().removeIf(until -> until <= nowMillis);
    boolean offered =
        held.values().stream()
            .anyMatch(hold -> hold.call().equals(call) && hold.untilMillis() > nowMillis);
    if (offered) {
      return; // the offer and the call crossed
    }
    if (calls.size() >= MOST_CALLS && !calls.containsKey(call)) {
      answers.give(call, new Reply.TooManyPoll());
      return;
    }
    calls.put(call, nowMillis + waitMillis);
    serve(nowMillis);
  }

  void stopped(ReplyTo call, long nowMillis) {
    calls.remove(call);
    held.values().removeIf(hold -> hold.call().equals(call));
    serve(nowMillis);
  }

  /** Hands attempts to calls, as long as there are both. */
  private void serve(long nowMillis) {
    usedMillis = nowMillis;
    calls.values().removeIf(until -> until <= nowMillis);
    if (calls.isEmpty()) {
      return;
    }
    held.values().removeIf(hold -> hold.untilMillis() <= nowMillis);
    from = rows.firstPlace(activity, from);
    Iterator<ReplyTo> waiting = calls.keySet().iterator();
    while (waiting.hasNext()) {
      ActivityRows.Waiting next = rows.next(activity, from, held::containsKey);
      if (next == null) {
        return;
      }
      ReplyTo call = waiting.next();
      waiting.remove();
      held.put(next.place(), new Hold(call, nowMillis + HELD.toMillis()));
      answers.give(call, new Reply.TaskOffered(next.task()));
    }
  }

  /** Nothing is lost when it is forgotten but where its scans begin. */
  boolean isIdle(long nowMillis) {
    return calls.values().stream().allMatch(until -> until <= nowMillis)
        && held.values().stream().allMatch(hold -> hold.untilMillis() <= nowMillis)
        && nowMillis - usedMillis > FORGOTTEN_AFTER.toMillis();
  }
}
