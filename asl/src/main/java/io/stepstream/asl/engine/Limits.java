package io.stepstream.asl.engine;

/**
 * What bounds one step and one execution.
 *
 * @param transitionsPerStep state visits before a step yields to others of its partition; a loop of
 *     Choice states without a Task would otherwise hold the thread for ever
 * @param transitionsPerExecution state visits before an execution fails; ends such loops
 * @param payloadBytes AWS's limit of a state's input or output in UTF-8 bytes; keeps every record
 *     below the broker's limit of 1 MB
 * @param mapConcurrency AWS's cap on the concurrent iterations of an inline Map, and its default
 */
public record Limits(
    int transitionsPerStep, long transitionsPerExecution, int payloadBytes, int mapConcurrency) {

  public static final Limits DEFAULT = new Limits(200, 1_000_000, 262_144, 40);

  /**
   * All variables of one frame together; they are one row. AWS allows 10 MiB, which would exceed
   * the largest record.
   */
  int variablesBytes() {
    return 10 * payloadBytes;
  }

  /**
   * The results of a Map or Parallel state together, before ResultSelector, ResultPath or Output
   * make the state's output of them, which payloadBytes bounds. Keeps one step from filling the
   * heap.
   */
  long gatheredBytes() {
    return 64L * payloadBytes;
  }
}
