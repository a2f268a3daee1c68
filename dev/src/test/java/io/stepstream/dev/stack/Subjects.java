package io.stepstream.dev.stack;

import java.util.List;

/**
 * What calls are about: the names of what is made before, and what can't be known by its name.
 *
 * @param calls how many calls of a row that changes something there can be
 * @param mapRuns one for each node at least
 * @param toSucceed tokens of tasks, by the index of the call which ends them
 * @param toFail tokens of tasks, by the index of the call which ends them
 * @param toBeat tokens of tasks that are never ended
 */
record Subjects(
    int calls,
    List<String> mapRuns,
    List<String> toSucceed,
    List<String> toFail,
    List<String> toBeat) {

  /** So many that there is one in each partition, most probably. */
  static final int OPEN = 18;

  static final int ITEMS = 4;
  static final int MAPPED = 4;

  static final String ROLE = "arn:aws:iam::123456789012:role/any";

  /** Waits for an hour. Its executions run, and are never touched. */
  static final String KEPT = "kept";

  static final String KEPT_DEFINITION =
      """
      {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}\
      """;

  static final String PASS =
      """
      {"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}\
      """;

  private static final String STATES = "arn:aws:states:us-east-1:000000000000:";

  static String machine(String name) {
    return STATES + "stateMachine:" + name;
  }

  /**
   * @param qualifier a version's number or an alias' name
   */
  static String qualified(String machine, Object qualifier) {
    return machine(machine) + ':' + qualifier;
  }

  static String activity(String name) {
    return STATES + "activity:" + name;
  }

  static String execution(String machine, String name) {
    return STATES + "execution:" + machine + ':' + name;
  }

  /** An execution of {@link #KEPT}. */
  static String open(int index) {
    return execution(KEPT, "open-" + index % OPEN);
  }

  static String mapped(int index) {
    return execution("mapped", "x-" + index % MAPPED);
  }

  /** A definition like no other's. */
  static String numbered(int number) {
    return """
    {"StartAt":"P","States":{"P":{"Type":"Pass","Result":%d,"End":true}}}\
    """
        .formatted(number);
  }
}
