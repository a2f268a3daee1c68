package io.stepstream.coordinator.deadletter;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The place of a letter on the topic of dead letters, which names it. */
public record LetterId(int partition, long offset) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

  /** Empty: no letter has such a name. */
  public static Optional<LetterId> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new LetterId(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** PARTITION-OFFSET. */
  @Override
  public String toString() {
    return partition + "-" + offset;
  }
}
