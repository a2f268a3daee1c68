package io.stepstream.asl.expr;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The language's timestamps: RFC 3339 with an upper-case T, seconds and an offset or Z. */
final class Timestamps {

  /** The length of {@code 2016-12-05T21:29:29Z}. */
  private static final int SHORTEST = 20;

  private Timestamps() {}

  /** Null: not a timestamp. */
  static @Nullable OffsetDateTime parse(Object json) {
    if (!(json instanceof String text)
        || text.length() < SHORTEST
        || text.charAt(10) != 'T'
        || text.charAt(16) != ':'
        || text.endsWith("z")) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
