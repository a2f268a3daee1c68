package io.stepstream.coordinator.api.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The offsets before which a list of dead letters goes on, as text; any node understands it. */
final class LetterPageToken {

  private static final Pattern TEXT = Pattern.compile("\\d{1,18}(-\\d{1,18}){0,99}");

  private LetterPageToken() {}

  static @Nullable String of(@Nullable List<Long> before) {
    return before == null
        ? null
        : before.stream().map(String::valueOf).collect(Collectors.joining("-"));
  }

  /** Empty: the list begins. */
  static List<Long> parse(@Nullable String token) throws Parameters.Unusable {
    List<Long> before = new ArrayList<>();
    if (token == null) {
      return before;
    }
    if (!TEXT.matcher(token).matches()) {
      throw new Parameters.Unusable(
          Problem.invalid(
              "pageToken",
              null,
              "pageToken is none that was given out",
              "Send nextPageToken as it came, or begin without it"));
    }
    for (String offset : token.split("-", -1)) {
      before.add(Long.parseLong(offset));
    }
    return before;
  }
}
