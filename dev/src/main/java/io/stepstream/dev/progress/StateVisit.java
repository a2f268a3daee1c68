package io.stepstream.dev.progress;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of the tree: the execution itself, a visit of a state, or an iteration of a Map state. Not
 * thread safe.
 */
final class StateVisit {
  enum Status {
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  final @Nullable StateVisit parent;
  final String label;
  final String kind;
  final Instant since;
  final List<StateVisit> children = new ArrayList<>();
  Status status = Status.RUNNING;
  @Nullable Instant until;
  int retries;
  @Nullable HistoryStep lastFailure;

  /** Number of items of a Map state; -1 for anything else. */
  int items = -1;

  StateVisit(@Nullable StateVisit parent, String label, String kind, Instant since) {
    this.parent = parent;
    this.label = label;
    this.kind = kind;
    this.since = since;
    if (parent != null) {
      parent.children.add(this);
    }
  }

  void end(Status how, Instant when) {
    status = how;
    until = when;
  }

  int depth() {
    int depth = 0;
    for (StateVisit v = parent; v != null; v = v.parent) {
      depth++;
    }
    return depth;
  }

  /** Where this is: the labels from the outermost state inwards. */
  String path() {
    if (parent == null || parent.parent == null) {
      return label;
    }
    String above = parent.path();
    return label.startsWith("[") ? above + label : above + "/" + label;
  }
}
