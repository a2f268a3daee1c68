package io.stepstream.loadtests.faults;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** All violations of a run, each with the fault in whose time it happened. Thread safe. */
final class Violations {

  /** How many of a kind are told one by one: a broken rule may be broken by thousands. */
  private static final int TOLD = 10;

  private record Found(String during, Violation violation) {}

  private final Consumer<String> tell;
  private final List<Found> found = new ArrayList<>();
  private final Map<Invariant, Integer> counts = new EnumMap<>(Invariant.class);

  /**
   * @param tell gets a line for each of the first
   */
  Violations(Consumer<String> tell) {
    this.tell = tell;
  }

  /**
   * @param during the id of a fault; empty: none
   */
  synchronized void add(String during, Violation violation) {
    found.add(new Found(during, violation));
    if (counts.merge(violation.invariant(), 1, Integer::sum) <= TOLD) {
      tell.accept(
          "VIOLATION %s%s"
              .formatted(violation, during.isEmpty() ? "" : " (during " + during + ")"));
    }
  }

  synchronized int count() {
    return found.size();
  }

  synchronized int during(String fault) {
    return (int) found.stream().filter(each -> each.during().equals(fault)).count();
  }

  /** How many of each. */
  synchronized Map<Invariant, Integer> counts() {
    return new EnumMap<>(counts);
  }
}
