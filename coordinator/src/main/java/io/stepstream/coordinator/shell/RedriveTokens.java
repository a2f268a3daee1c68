package io.stepstream.coordinator.shell;

import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.RedriveToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens by which clients repeat a redrive, in the header of its execution: AWS's last ten, for
 * 15 minutes.
 */
final class RedriveTokens {

  private static final int MOST = 10;
  private static final Duration VALID = Duration.ofMinutes(15);

  private RedriveTokens() {}

  /** When the redrive of that token was made; null: none was, or too long ago. */
  static @Nullable Instant redriven(ExecutionRow header, @Nullable String token, Instant now) {
    for (RedriveToken known : header.getRedriveTokens()) {
      if (known.getToken().equals(token) && isValid(known, now)) {
        return known.getRedriveDate();
      }
    }
    return null;
  }

  static void remember(ExecutionRow header, @Nullable String token, Instant now) {
    if (token == null) {
      return;
    }
    List<RedriveToken> known = new ArrayList<>();
    for (RedriveToken each : header.getRedriveTokens()) {
      if (isValid(each, now)) {
        known.add(each);
      }
    }
    known.add(new RedriveToken(token, now));
    header.setRedriveTokens(known.subList(Math.max(0, known.size() - MOST), known.size()));
  }

  private static boolean isValid(RedriveToken token, Instant now) {
    return !now.isAfter(token.getRedriveDate().plus(VALID));
  }
}
