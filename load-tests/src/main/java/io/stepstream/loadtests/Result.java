package io.stepstream.loadtests;

/** What a run has found out. */
sealed interface Result permits LoadResult, MapResult, TimerResult {

  /** One line of JSON. */
  String json();

  Summary summary();

  /**
   * What every scenario has, for a table.
   *
   * @param unit what is counted: executions or items
   * @param latency in words
   */
  record Summary(
      String scenario,
      String unit,
      double perSecond,
      double floorPerSecond,
      double cpuSecondsPerThousand,
      double recordsEach,
      String latency) {

    double ratio() {
      return perSecond / floorPerSecond;
    }
  }
}
