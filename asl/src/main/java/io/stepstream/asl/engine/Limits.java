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
 * @param mapRun what bounds a distributed Map
 */
public record Limits(
    int transitionsPerStep,
    long transitionsPerExecution,
    int payloadBytes,
    int mapConcurrency,
    MapRun mapRun) {

  public static final Limits DEFAULT = new Limits(200, 1_000_000, 262_144, 40);

  public Limits(
      int transitionsPerStep, long transitionsPerExecution, int payloadBytes, int mapConcurrency) {
    this(transitionsPerStep, transitionsPerExecution, payloadBytes, mapConcurrency, MapRun.DEFAULT);
  }

  /**
   * @param concurrency child executions at a time where the state gives no bound: all at once would
   *     be n task orders and timers at once
   * @param liveShards shards of one Map run at a time; they are in one row
   * @param childrenPerShard as many at most, and stored items that are taken at a time
   * @param shardBytes after so many bytes of inputs a shard takes no further child; they travel in
   *     one message
   * @param reportMillis how long a shard keeps its progress to itself
   * @param partBytes after so many bytes a part of a shard's results is complete
   */
  public record MapRun(
      int concurrency,
      int liveShards,
      int childrenPerShard,
      int shardBytes,
      long reportMillis,
      int partBytes) {

    public static final MapRun DEFAULT = new MapRun(1000, 32, 250, 128 * 1024, 200, 128 * 1024);

    /**
     * The first shards are small, so that a small Map is spread over partitions; each shard costs
     * the Map state's own partition some records, so a large Map has fewer and larger ones.
     */
    private static final int SMALL_SHARDS = 8;

    private static final int MIDDLING_SHARDS = 64;

    /** The largest of {@link #sizeOf}. */
    static final int LARGEST = 4;

    /** How large a shard may be, in {@link #childrenPerShard} and {@link #shardBytes}. */
    int sizeOf(int shard) {
      return shard < SMALL_SHARDS ? 1 : shard < MIDDLING_SHARDS ? 2 : LARGEST;
    }
  }

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
