package io.stepstream.dev.progress;

import io.stepstream.dev.progress.ExecutionTree.Change;
import io.stepstream.dev.progress.ExecutionTree.What;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** A line per change, for logs and pipes. */
final class LinesView implements ProgressView {
  private final PrintWriter err;
  private final ExecutionTree tree;

  LinesView(PrintWriter err, ExecutionTree tree) {
    this.err = err;
    this.tree = tree;
  }

  @Override
  public void show(HistoryStep step) {
    for (Change change : tree.apply(step)) {
      StateVisit visit = change.visit();
      String line =
          switch (change.what()) {
            case What.Entered() -> "> " + visit.path() + "  " + visit.kind;
            case What.Left(Duration after) -> "< " + visit.path() + "  " + Elapsed.text(after);
            case What.Failed(String error, String cause) ->
                "! " + visit.path() + "  failed: " + Elapsed.reason(error, cause, 160);
            case What.Retried(int number, Duration delay) ->
                "~ " + visit.path() + "  retry " + number + " after " + Elapsed.text(delay);
          };
      print(Duration.between(tree.root().since, change.at()), line);
    }
    if (step.endsExecution()) {
      String how = step.type().substring("Execution".length()).toLowerCase(Locale.ROOT);
      print(
          Duration.between(tree.root().since, step.at()),
          "= " + tree.root().label + "  " + (how.equals("timedout") ? "timed out" : how));
    }
    err.flush();
  }

  @Override
  public void tick() {
    // Lines tell of changes only.
  }

  private void print(Duration at, String line) {
    err.printf("%8s %s%n", Elapsed.text(at), line);
  }
}
