package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.PageTokens;

/** Page tokens of GetExecutionHistory. */
public final class HistoryTokens {

  private final PageTokens tokens;

  public HistoryTokens(PageTokens tokens) {
    this.tokens = tokens;
  }

  /** A token for the events behind this one in that order. */
  public String after(String executionArn, boolean reverse, long eventId) {
    return tokens.issue(query(executionArn, reverse), eventId);
  }

  Checked<Long> position(String executionArn, boolean reverse, String token) {
    return tokens.position(query(executionArn, reverse), token);
  }

  private static String query(String executionArn, boolean reverse) {
    return "GetExecutionHistory\n" + executionArn + '\n' + reverse;
  }
}
