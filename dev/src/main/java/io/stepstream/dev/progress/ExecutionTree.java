package io.stepstream.dev.progress;

import io.stepstream.dev.progress.StateVisit.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The execution so far, built event by event. Not thread safe.
 *
 * <p>Each event belongs to the node of the event that led to it; entering a state opens a node
 * beside or below that one. So concurrent branches and iterations, whose events interleave, come
 * apart again.
 */
final class ExecutionTree {
  /** What an event changed, for displays that write lines. */
  record Change(Instant at, StateVisit visit, What what) {}

  /** Kinds of changes. */
  sealed interface What {
    record Entered() implements What {}

    record Left(Duration after) implements What {}

    record Failed(String error, @Nullable String cause) implements What {}

    record Retried(int number, Duration delay) implements What {}
  }

  private final StateVisit root;
  private final Map<Long, StateVisit> byEvent = new HashMap<>();
  private @Nullable HistoryStep end;

  ExecutionTree(String label, Instant since) {
    root = new StateVisit(null, label, "Execution", since);
  }

  StateVisit root() {
    return root;
  }

  /** The execution's last event; null while it runs. */
  @Nullable HistoryStep end() {
    return end;
  }

  /** Adds the next event. */
  List<Change> apply(HistoryStep step) {
    List<Change> changes = new ArrayList<>(1);
    StateVisit before = byEvent.getOrDefault(step.previousId(), root);
    StateVisit visit = before;
    if (step.endsExecution()) {
      end = step;
      endAllOpen(root, step);
      visit = root;
    } else if (step.entersState()) {
      visit = enter(before, step);
      changes.add(new Change(step.at(), visit, new What.Entered()));
    } else if (step.leavesState()) {
      visit = enclosing(before, step.name());
      visit.end(Status.SUCCEEDED, step.at());
      changes.add(
          new Change(step.at(), visit, new What.Left(Duration.between(visit.since, step.at()))));
    } else if (step.type().startsWith("MapIteration")) {
      visit = iteration(before, step);
    } else if (step.type().equals("MapStateStarted")) {
      visit.items = step.length();
    } else if (step.type().startsWith("MapState") || step.type().startsWith("ParallelState")) {
      visit = openContainer(before, step.type().startsWith("MapState") ? "Map" : "Parallel");
    } else if (step.schedulesTask() && visit.lastFailure != null) {
      visit.retries++;
      Duration delay = Duration.between(visit.lastFailure.at(), step.at());
      visit.lastFailure = null;
      changes.add(new Change(step.at(), visit, new What.Retried(visit.retries, delay)));
    }
    if (step.fails()) {
      visit.lastFailure = step;
      String error = step.error() == null ? step.type() : step.error();
      changes.add(new Change(step.at(), visit, new What.Failed(error, step.cause())));
    }
    byEvent.put(step.id(), visit);
    return changes;
  }

  private StateVisit enter(StateVisit before, HistoryStep step) {
    String type = step.type().substring(0, step.type().length() - "StateEntered".length());
    String name = step.name() == null ? type : step.name();
    return new StateVisit(flowOf(before, step.at()), name, type, step.at());
  }

  /**
   * The node whose children a state entered after {@code before} is one of: that node itself if it
   * contains states and still runs, else the one around it. A state that is left by a caught error
   * has no exit event: the next state's entry ends it.
   */
  private StateVisit flowOf(StateVisit before, Instant at) {
    boolean contains =
        before == root
            || before.kind.equals("Iteration")
            || ((before.kind.equals("Parallel") || before.kind.equals("Map"))
                && before.lastFailure == null);
    if (contains && before.status == Status.RUNNING) {
      return before;
    }
    if (before.status == Status.RUNNING) {
      before.end(Status.FAILED, at);
    }
    return before.parent == null ? before : before.parent;
  }

  private StateVisit enclosing(StateVisit from, @Nullable String name) {
    for (StateVisit v = from; v != null; v = v.parent) {
      if (v.label.equals(name) && v.status == Status.RUNNING && v != root) {
        return v;
      }
    }
    return from;
  }

  private StateVisit openContainer(StateVisit from, String kind) {
    for (StateVisit v = from; v != null; v = v.parent) {
      if (v.kind.equals(kind) && v.status == Status.RUNNING) {
        return v;
      }
    }
    return from;
  }

  private StateVisit iteration(StateVisit before, HistoryStep step) {
    String label = "[" + step.index() + "]";
    if (step.type().equals("MapIterationStarted")) {
      StateVisit map = openContainer(before, "Map");
      return new StateVisit(map, label, "Iteration", step.at());
    }
    for (StateVisit v = before; v != null; v = v.parent) {
      if (v.kind.equals("Iteration") && v.label.equals(label)) {
        boolean succeeded = step.type().equals("MapIterationSucceeded");
        endOpen(v, succeeded ? Status.SUCCEEDED : Status.FAILED, step.at());
        return v;
      }
    }
    return before;
  }

  private static void endAllOpen(StateVisit visit, HistoryStep step) {
    boolean succeeded = step.type().equals("ExecutionSucceeded");
    endOpen(visit, succeeded ? Status.SUCCEEDED : Status.FAILED, step.at());
  }

  private static void endOpen(StateVisit visit, Status how, Instant at) {
    if (visit.status == Status.RUNNING) {
      visit.end(how, at);
    }
    for (StateVisit child : visit.children) {
      endOpen(child, how, at);
    }
  }
}
