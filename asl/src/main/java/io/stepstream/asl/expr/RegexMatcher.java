package io.stepstream.asl.expr;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A regular expression of a JSONata expression. Every character that a match looks at counts
 * against the deadline, so that a pattern which backtracks without end is stopped like any other
 * loop.
 */
record RegexMatcher(Pattern pattern) {

  static Pattern compile(JsonataScanner.Regex regex) {
    int flags = regex.ignoreCase() ? Pattern.CASE_INSENSITIVE : 0;
    return Pattern.compile(regex.pattern(), flags | (regex.multiline() ? Pattern.MULTILINE : 0));
  }

  Matcher on(String text, Deadline deadline) {
    return pattern.matcher(new Watched(text, deadline));
  }

  /** A match in the form that JSONata shows it to functions. */
  static Map<String, Object> describe(Matcher matcher) {
    Map<String, Object> match = new LinkedHashMap<>();
    match.put("match", matcher.group());
    match.put("start", matcher.start());
    match.put("end", matcher.end());
    match.put("groups", groups(matcher));
    return match;
  }

  /** The captured groups; one that took no part is an empty string, since JSON has no undefined. */
  static List<Object> groups(Matcher matcher) {
    List<Object> groups = new ArrayList<>(matcher.groupCount());
    for (int i = 1; i <= matcher.groupCount(); i++) {
      String group = matcher.group(i);
      groups.add(group == null ? "" : group);
    }
    return groups;
  }

  private record Watched(String text, Deadline deadline) implements CharSequence {
    @Override
    public char charAt(int index) {
      deadline.check();
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
