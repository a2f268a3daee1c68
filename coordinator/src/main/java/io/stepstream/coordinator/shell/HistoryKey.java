package io.stepstream.coordinator.shell;

import io.stepstream.schemas.topic.ExecutionKey;
import java.nio.charset.StandardCharsets;

/**
 * Key of a history record: {@code executionArn#firstEventId}, the id with leading zeros, so that
 * the order of the bytes is the order of the events. In UTF-8, since names need not be ASCII and
 * two executions must not share keys. An ARN has no {@code #}, so no execution's keys are a prefix
 * of another's.
 *
 * @param partition of the topic: that of the execution
 */
public record HistoryKey(ExecutionKey execution, long firstEventId, int partition) {

  private static final int DIGITS = 12;

  public byte[] bytes() {
    return (execution.arn() + '#' + digits(firstEventId)).getBytes(StandardCharsets.UTF_8);
  }

  /** The ARN in a key; of other bytes something that is none. */
  public static String executionArn(byte[] key) {
    String text = new String(key, StandardCharsets.UTF_8);
    return text.substring(0, Math.max(0, text.lastIndexOf('#')));
  }

  /** The first event's id in a key; of other bytes 0. */
  public static long firstEventId(byte[] key) {
    long id = 0;
    for (int i = Math.max(0, key.length - DIGITS); i < key.length; i++) {
      id = id * 10 + Character.digit(key[i], 10);
    }
    return Math.max(0, id);
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
