package io.stepstream.dev.progress;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Wording that both views share. */
final class Elapsed {
  private Elapsed() {}

  /**
   * {@code 0.12s}, {@code 75.3s}, {@code 12m05s}; never negative, since clocks of two machines may
   * differ.
   */
  static String text(Duration duration) {
    double seconds = Math.max(0, duration.toMillis() / 1000.0);
    if (seconds >= 600) {
      return "%dm%02ds".formatted((long) seconds / 60, (long) seconds % 60);
    }
    return String.format(Locale.ROOT, seconds < 60 ? "%.2fs" : "%.1fs", seconds);
  }

  /** Error and cause in one line of bounded length. */
  static String reason(String error, @Nullable String cause, int longest) {
    String text = cause == null || cause.isBlank() ? error : error + ": " + cause;
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= longest ? line : line.substring(0, longest - 1) + "…";
  }
}
