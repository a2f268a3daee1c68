package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** When the clock of a node was wrong, and by how much. Not thread safe. */
final class WrongClocks {

  private record Time(long from, long until, long by) {
    /** What is dated by a wrong clock may seem to be outside. */
    boolean touches(long begin, long end) {
      return begin <= until + by && end >= from - by;
    }
  }

  private final List<Time> times = new ArrayList<>();

  /**
   * @param from as {@code until}, in milliseconds since 1970 by the right clock
   * @param by at most, ahead or behind
   */
  void add(long from, long until, Duration by) {
    times.add(new Time(from, until, by.toMillis()));
  }

  /**
   * By how many milliseconds a timer may have been early.
   *
   * @param begin when it began, by whatever clock
   * @param end when it fired
   */
  long allowance(long begin, long end) {
    // Begun by one clock and ended by another: both may have been wrong, one each way.
    return 2
        * times.stream()
            .filter(time -> time.touches(begin, end))
            .mapToLong(Time::by)
            .max()
            .orElse(0);
  }
}
