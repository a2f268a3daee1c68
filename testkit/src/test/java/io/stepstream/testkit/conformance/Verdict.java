package io.stepstream.testkit.conformance;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of a case.
 *
 * @param recorded the levels that the recording can tell
 * @param passed those which agree
 * @param difference the first one; null: there is none
 */
public record Verdict(
    RecordedCase recordedCase,
    Set<Level> recorded,
    Set<Level> passed,
    @Nullable String difference) {

  public static Verdict all(RecordedCase recordedCase, Set<Level> recorded) {
    return new Verdict(recordedCase, recorded, recorded, null);
  }

  /** Everything before that level agrees. */
  public static Verdict failed(
      RecordedCase recordedCase, Set<Level> recorded, Level at, String difference) {
    Set<Level> passed = EnumSet.noneOf(Level.class);
    recorded.stream().filter(level -> level.compareTo(at) < 0).forEach(passed::add);
    return new Verdict(recordedCase, recorded, passed, at + ": " + difference);
  }
}
