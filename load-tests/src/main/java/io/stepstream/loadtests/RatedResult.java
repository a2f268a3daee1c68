package io.stepstream.loadtests;

/** So many per second, and so many of the floor. */
sealed interface RatedResult extends Result permits LoadResult, MapResult, TimerResult {

  Summary summary();

  /**
   * What every such scenario has, for a table.
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
