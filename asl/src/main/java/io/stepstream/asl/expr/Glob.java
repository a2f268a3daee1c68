package io.stepstream.asl.expr;

import java.util.ArrayList;
import java.util.List;

/**
 * The pattern of StringMatches: {@code *} stands for any text, {@code \*} and {@code \\} for the
 * characters themselves.
 */
final class Glob {

  /** The literal texts around the wildcards: one more than there are wildcards. */
  private final List<String> parts = new ArrayList<>();

  Glob(String pattern) {
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      char next = i + 1 < pattern.length() ? pattern.charAt(i + 1) : '\0';
      if (c == '\\' && (next == '*' || next == '\\')) {
        part.append(next);
        i++;
      } else if (c == '*') {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
  }

  /** Taking the first occurrence of each part is enough, so there is no backtracking. */
  boolean matches(String text) {
    String first = parts.getFirst();
    String last = parts.getLast();
    if (parts.size() == 1) {
      return text.equals(first);
    }
    if (!text.startsWith(first) || !text.endsWith(last)) {
      return false;
    }
    int at = first.length();
    for (int i = 1; i < parts.size() - 1; i++) {
      int found = text.indexOf(parts.get(i), at);
      if (found < 0) {
        return false;
      }
      at = found + parts.get(i).length();
    }
    return at <= text.length() - last.length();
  }
}
