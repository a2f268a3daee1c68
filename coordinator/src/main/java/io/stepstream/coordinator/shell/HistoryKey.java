package io.stepstream.coordinator.shell;

import io.stepstream.schemas.topic.ExecutionKey;
import java.nio.charset.StandardCharsets;

/**
 * Key of a history record: {@code executionArn#firstEventId}, the id with leading zeros, so that
 * the order of the bytes is the order of the events. In UTF-8, since names need not be ASCII and
 * two executions must not share keys. An ARN has no {@code #}, so no execution's keys are a prefix
 * of another's.
 */
public record HistoryKey(ExecutionKey execution, long firstEventId) {

  private static final int DIGITS = 12;

  public byte[] bytes() {
    return (execution.arn() + '#' + digits(firstEventId)).getBytes(StandardCharsets.UTF_8);
  }

  /** First key that an execution can have from this event on. */
  public static byte[] from(String executionArn, long eventId) {
    return (executionArn + '#' + digits(eventId)).getBytes(StandardCharsets.UTF_8);
  }

  /** Beyond the last key of an execution. */
  public static byte[] end(String executionArn) {
    return (executionArn + '#' + ':').getBytes(StandardCharsets.UTF_8);
  }

  private static String digits(long id) {
    String text = Long.toString(id);
    return "0".repeat(Math.max(0, DIGITS - text.length())) + text;
  }
}
