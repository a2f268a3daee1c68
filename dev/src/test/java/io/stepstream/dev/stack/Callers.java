package io.stepstream.dev.stack;

import io.stepstream.dev.stack.ActionRow.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One caller for each row and node, which calls until its time is over or an answer is wrong. */
final class Callers implements AutoCloseable {

  /** What happens meanwhile. */
  enum Phase {
    ALL_THERE,
    ONE_AWAY,
    ONE_RETURNING,
    ALL_BACK,
    OVER
  }

  /** How many calls a caller may make in one phase which change something. */
  static final int CHANGES_PER_PHASE = 2;

  private static final Duration BETWEEN_TURNS = Duration.ofMillis(500);

  /** Of all phases together. */
  private static final Duration LONGEST = Duration.ofMinutes(4);

  /**
   * A call that has been answered.
   *
   * @param token of the task which it was given; empty: it is another action
   */
  record Done(String action, Turn turn, String token) {}

  private final List<ActionRow> rows;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Caller> callers = new ArrayList<>();
  private final List<Future<?>> ends = new ArrayList<>();
  private final Map<ActionRow, AtomicInteger> turns = new ConcurrentHashMap<>();
  private final Map<Phase, Set<Caller>> answered = new ConcurrentHashMap<>();
  private final Queue<Done> changes = new ConcurrentLinkedQueue<>();
  private volatile Phase phase = Phase.ALL_THERE;

  Callers(List<ActionRow> rows) {
    this.rows = rows;
  }

  /**
   * How many calls of a row there are at most which change something.
   *
   * @param nodes of which one goes and comes back
   */
  static int most(int nodes) {
    int ofThoseThatStay = Phase.OVER.ordinal() * (nodes - 1);
    return CHANGES_PER_PHASE * (ofThoseThatStay + 1);
  }

  /**
   * Begins to call a node.
   *
   * @param place of the node among the nodes
   */
  void call(Node node, int place) {
    for (ActionRow row : rows) {
      Caller caller = new Caller(row, node, place);
      callers.add(caller);
      ends.add(threads.submit(caller::run));
    }
  }

  /** Goes on to a phase and waits until each caller has got an answer to a call begun in it. */
  void during(Phase next) throws Exception {
    phase = next;
    try {
      Awaitility.await("answers to all callers, " + next)
          .atMost(Node.PATIENCE)
          .pollInterval(BETWEEN_TURNS)
          .until(() -> anyHasFailed() || answered(next).size() == callers.size());
    } catch (ConditionTimeoutException e) {
      List<Caller> missing = new ArrayList<>(callers);
      missing.removeAll(answered(next));
      throw new AssertionError(next + ": still without an answer are " + missing, e);
    }
    if (anyHasFailed()) {
      end();
    }
  }

  /** Waits for the last answers; fails when one was wrong. */
  void end() throws Exception {
    phase = Phase.OVER;
    for (Future<?> caller : ends) {
      caller.get(Node.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** The calls that changed something, those of each node in their order. */
  List<Done> changes(String action) {
    return changes.stream().filter(done -> done.action().equals(action)).toList();
  }

  private boolean anyHasFailed() {
    return ends.stream().anyMatch(end -> end.state() == Future.State.FAILED);
  }

  private Set<Caller> answered(Phase in) {
    return answered.computeIfAbsent(in, _ -> ConcurrentHashMap.newKeySet());
  }

  @Override
  public void close() {
    phase = Phase.OVER;
    threads.shutdownNow();
    threads.close();
  }

  private final class Caller {
    private final ActionRow row;
    private final Node node;
    private final int place;
    private Phase counted = Phase.ALL_THERE;
    private int changed;

    Caller(ActionRow row, Node node, int place) {
      this.row = row;
      this.node = node;
      this.place = place;
    }

    void run() {
      Awaitility.await()
          .atMost(LONGEST)
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(BETWEEN_TURNS)
          .until(
              () -> {
                Phase now = phase;
                if (now != Phase.OVER && mayCall(now)) {
                  turn();
                  answered(now).add(this);
                }
                return phase == Phase.OVER;
              });
    }

    private boolean mayCall(Phase now) {
      if (now != counted) {
        counted = now;
        changed = 0;
      }
      return !row.changes() || changed++ < CHANGES_PER_PHASE;
    }

    @Override
    public String toString() {
      return row + " on " + node;
    }

    private void turn() {
      int index = turns.computeIfAbsent(row, _ -> new AtomicInteger()).getAndIncrement();
      Turn turn = new Turn(place, index);
      AtomicInteger attempts = new AtomicInteger();
      Node.Reply reply =
          Awaitility.await("%s on %s".formatted(row, node))
              .atMost(Node.PATIENCE)
              .pollInSameThread()
              .pollDelay(Duration.ZERO)
              .pollInterval(Node.PAUSE)
              .until(
                  () -> node.ask(row.action(), row.ask().request(turn)),
                  said -> row.isAnswered(turn, said, attempts.getAndIncrement() > 0));
      if (row.changes()) {
        String token =
            reply instanceof Node.Reply.Answered(var members)
                ? members.path("taskToken").asText()
                : "";
        changes.add(new Done(row.action(), turn, token));
      }
    }
  }
}
