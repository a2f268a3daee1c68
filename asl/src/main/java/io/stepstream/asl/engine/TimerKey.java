package io.stepstream.asl.engine;

/** Names a timer of an execution. */
public record TimerKey(long frameId, int epoch, Purpose purpose) {

  /** Codes are stored in row keys: never reuse one. */
  public enum Purpose {
    WAIT(1),
    RETRY(2),
    TASK_TIMEOUT(3),
    HEARTBEAT(4),
    CONTINUE(5),
    EXECUTION_TIMEOUT(6),
    /** A shard of a Map run tells how far it is. */
    REPORT(7),
    /** A Map run looks whether its shards are still there. */
    WATCH(8),
    /** A worker is asked to look at a job. */
    JOB(9);

    private final int code;

    Purpose(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }
}
