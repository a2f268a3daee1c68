package io.stepstream.dev.progress;

import java.io.PrintWriter;
import java.time.Instant;

/** Shows an execution while it runs. */
public sealed interface ProgressView permits LinesView, TreeView {

  /** The next history event. */
  void show(HistoryStep step);

  /** Time has passed without an event. */
  void tick();

  /**
   * The view for where {@code err} leads.
   *
   * @param terminal width and height as {@code 80x24}; empty when it isn't a terminal
   */
  static ProgressView to(PrintWriter err, String terminal, String label, Instant since) {
    ExecutionTree tree = new ExecutionTree(label, since);
    if (terminal.matches("\\d{1,4}x\\d{1,4}")) {
      int separator = terminal.indexOf('x');
      return new TreeView(
          err,
          tree,
          Integer.parseInt(terminal.substring(0, separator)),
          Integer.parseInt(terminal.substring(separator + 1)));
    }
    return new LinesView(err, tree);
  }
}
