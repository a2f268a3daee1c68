package io.stepstream.dev.progress;

import io.stepstream.dev.progress.StateVisit.Status;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The execution as a tree that is drawn anew in place, for terminals.
 *
 * <p>It is never higher than the screen, because lines that have scrolled away can't be drawn over:
 * what has ended folds first. The iterations of a Map state are one line of counts and the
 * iterations that run.
 */
final class TreeView implements ProgressView {
  private static final String DIM = "\u001b[2m";
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String CYAN = "\u001b[36m";
  private static final String RESET = "\u001b[0m";

  /** Iterations that are drawn at most; the counts tell of the others. */
  private static final int ITERATIONS = 4;

  private final PrintWriter err;
  private final ExecutionTree tree;
  private final int columns;
  private final int rows;
  private int drawn;

  TreeView(PrintWriter err, ExecutionTree tree, int columns, int rows) {
    this.err = err;
    this.tree = tree;
    this.columns = columns;
    this.rows = rows;
  }

  @Override
  public void show(HistoryStep step) {
    tree.apply(step);
    if (step.endsExecution()) {
      draw();
    }
  }

  @Override
  public void tick() {
    draw();
  }

  private void draw() {
    Instant now = tree.end() == null ? Instant.now() : tree.end().at();
    List<String> lines = lines(now, false);
    if (lines.size() > rows - 2) {
      lines = lines(now, true);
    }
    int cut = Math.max(0, lines.size() - (rows - 2));
    StringBuilder screen = new StringBuilder();
    if (drawn > 0) {
      screen.append("\u001b[").append(drawn).append('A');
    }
    screen.append("\r\u001b[J");
    for (String line : lines.subList(cut, lines.size())) {
      screen.append(line).append('\n');
    }
    drawn = lines.size() - cut;
    err.print(screen);
    err.flush();
  }

  private List<String> lines(Instant now, boolean fold) {
    List<String> lines = new ArrayList<>();
    addLines(lines, tree.root(), now, fold);
    return lines;
  }

  private void addLines(List<String> lines, StateVisit visit, Instant now, boolean fold) {
    lines.add(line(visit, now));
    if (fold && visit.status == Status.SUCCEEDED && visit.parent != null) {
      return;
    }
    int iterations = 0;
    for (StateVisit child : visit.children) {
      if (child.kind.equals("Iteration")
          && (child.status == Status.SUCCEEDED || iterations++ >= ITERATIONS)) {
        continue;
      }
      addLines(lines, child, now, fold);
    }
  }

  private String line(StateVisit visit, Instant now) {
    String text =
        "  ".repeat(visit.depth())
            + symbol(visit)
            + " "
            + visit.label
            + "  "
            + Elapsed.text(Duration.between(visit.since, visit.until == null ? now : visit.until))
            + items(visit)
            + retries(visit);
    String shown = text.length() < columns ? text : text.substring(0, columns - 2) + "…";
    return color(visit) + shown + RESET;
  }

  private static String items(StateVisit visit) {
    if (visit.items < 0) {
      return "";
    }
    long ended = visit.children.stream().filter(v -> v.status != Status.RUNNING).count();
    return "  " + ended + "/" + visit.items + " items";
  }

  private static String retries(StateVisit visit) {
    String text = visit.retries == 0 ? "" : "  retries: " + visit.retries;
    HistoryStep failure = visit.lastFailure;
    if (failure == null) {
      return text;
    }
    String error = failure.error() == null ? failure.type() : failure.error();
    return text + "  " + Elapsed.reason(error, failure.cause(), 80);
  }

  private static char symbol(StateVisit visit) {
    return switch (visit.status) {
      case RUNNING -> '●';
      case SUCCEEDED -> '✓';
      case FAILED -> '✗';
    };
  }

  private static String color(StateVisit visit) {
    return switch (visit.status) {
      case RUNNING -> CYAN;
      case SUCCEEDED -> visit.parent == null ? GREEN : DIM;
      case FAILED -> RED;
    };
  }
}
