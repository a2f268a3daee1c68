package io.stepstream.dev.doctor;

import com.fasterxml.jackson.annotation.JsonValue;

/** The pages in {@code docs/runbooks}, one for each alert, under the alert's name. */
public enum Runbook {
  STUCK_EXECUTIONS("StepstreamStuckExecutions"),
  TASK_BACKLOG_GROWING("StepstreamTaskBacklogGrowing"),
  RESTORING_LONG("StepstreamRestoringLong"),
  REBALANCE_STORM("StepstreamRebalanceStorm"),
  FAILED_TRANSACTIONS("StepstreamFailedTransactions"),
  HANGING_TRANSACTION("StepstreamHangingTransaction"),
  DEAD_LETTERS("StepstreamDeadLetters"),
  TIMERS_LATE("StepstreamTimersLate"),
  STATE_DIRECTORY_FULL("StepstreamStateDirectoryFull"),
  INDEX_BEHIND("StepstreamIndexBehind"),
  API_THROTTLING("StepstreamApiThrottling"),
  NODE_DOWN("StepstreamNodeDown"),
  NO_WORKERS("StepstreamNoWorkers"),
  LANE_DOWN("StepstreamLaneDown"),
  CLOCK_SKEW("StepstreamClockSkew");

  private final String alert;

  Runbook(String alert) {
    this.alert = alert;
  }

  /** The alert's name, and the page's without its ending. */
  public String alert() {
    return alert;
  }

  /** Where the page is in the repository. */
  @JsonValue
  public String page() {
    return "docs/runbooks/" + alert + ".md";
  }
}
