package io.stepstream.asl.expr;

import io.stepstream.asl.expr.JsonataFunction.Arguments;
import io.stepstream.asl.expr.JsonataFunction.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** JSONata's functions on strings and arrays that the library runs without a bound. */
final class JsonataOverrides {

  /** Longer texts than this fail, as they fail on AWS for want of memory. */
  static final int MAX_TEXT = 4 * 1024 * 1024;

  private JsonataOverrides() {}

  static @Nullable Object string(Arguments arguments, Session session) {
    Object value = arguments.get(0);
    return value == null ? null : session.text(value, Boolean.TRUE.equals(arguments.get(1)));
  }

  static @Nullable Object pad(Arguments arguments, Session session) {
    if (!(arguments.get(0) instanceof String text)
        || !(arguments.get(1) instanceof Number number)) {
      return null;
    }
    String filler = arguments.get(2) instanceof String given && !given.isEmpty() ? given : " ";
    double width = number.doubleValue();
    if (Math.abs(width) > MAX_TEXT) {
      throw JsonataFault.memory();
    }
    int missing = (int) Math.abs(width) - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    int[] characters = filler.codePoints().toArray();
    StringBuilder padding = new StringBuilder(missing);
    for (int i = 0; i < missing; i++) {
      padding.appendCodePoint(characters[i % characters.length]);
    }
    return width < 0 ? padding.append(text).toString() : text + padding;
  }

  static @Nullable Object join(Arguments arguments, Session session) {
    if (!(arguments.get(0) instanceof List<?> parts)) {
      return null;
    }
    String separator = arguments.get(1) instanceof String given ? given : "";
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        append(joined, separator, session);
      }
      append(joined, (String) parts.get(i), session);
    }
    return joined.toString();
  }

  private static void append(StringBuilder text, CharSequence more, Session session) {
    session.deadline().check();
    if (text.length() + more.length() > MAX_TEXT) {
      throw JsonataFault.memory();
    }
    text.append(more);
  }

  static @Nullable Object contains(Arguments arguments, Session session) {
    if (!(arguments.get(0) instanceof String text)) {
      return null;
    }
    if (arguments.get(1) instanceof String part) {
      return text.contains(part);
    }
    return regex(arguments.get(1), session, "contains").on(text, session.deadline()).find();
  }

  private static RegexMatcher regex(@Nullable Object argument, Session session, String function) {
    RegexMatcher regex = session.regex(argument);
    if (regex == null) {
      throw new JsonataFault(
          "T1010",
          "The matcher function argument passed to function \"%s\" does not return the correct object structure"
              .formatted(function));
    }
    return regex;
  }

  static @Nullable Object match(Arguments arguments, Session session) {
    if (!(arguments.get(0) instanceof String text)) {
      return null;
    }
    double limit = limit(arguments.get(2), "D3040", "Third argument of match function");
    Matcher matcher = regex(arguments.get(1), session, "match").on(text, session.deadline());
    List<Object> matches = session.sequence();
    while (matches.size() < limit && matcher.find()) {
      Map<String, Object> match = new LinkedHashMap<>();
      match.put("match", matcher.group());
      match.put("index", matcher.start());
      match.put("groups", RegexMatcher.groups(matcher));
      matches.add(match);
      refuseEmpty(matcher);
    }
    return matches;
  }

  private static void refuseEmpty(Matcher matcher) {
    if (matcher.end() == matcher.start()) {
      throw new JsonataFault("D1004", "Regular expression matches zero length string");
    }
  }

  private static double limit(@Nullable Object argument, String code, String what) {
    double limit = argument instanceof Number number ? number.doubleValue() : Double.MAX_VALUE;
    if (limit < 0) {
      throw new JsonataFault(code, what + " must evaluate to a positive number");
    }
    return limit;
  }

  static @Nullable Object split(Arguments arguments, Session session) {
    if (!(arguments.get(0) instanceof String text)) {
      return null;
    }
    double limit = limit(arguments.get(2), "D3020", "Third argument of split function");
    List<Object> parts = new ArrayList<>();
    if (arguments.get(1) instanceof String separator) {
      split(text, separator, limit, parts);
      return parts;
    }
    Matcher matcher = regex(arguments.get(1), session, "split").on(text, session.deadline());
    int start = 0;
    while (parts.size() < limit && matcher.find()) {
      refuseEmpty(matcher);
      parts.add(text.substring(start, matcher.start()));
      start = matcher.end();
    }
    if (parts.size() < limit) {
      parts.add(text.substring(start));
    }
    return parts;
  }

  private static void split(String text, String separator, double limit, List<Object> parts) {
    if (separator.isEmpty()) {
      for (int i = 0; i < text.length() && parts.size() < limit; i++) {
        parts.add(String.valueOf(text.charAt(i)));
      }
      return;
    }
    int start = 0;
    while (parts.size() < limit) {
      int end = text.indexOf(separator, start);
      if (end < 0) {
        parts.add(text.substring(start));
        return;
      }
      parts.add(text.substring(start, end));
      start = end + separator.length();
    }
  }

  static @Nullable Object replace(Arguments arguments, Session session) {
    Object replacement = arguments.get(2);
    if (!(arguments.get(0) instanceof String text) || replacement == null) {
      return null;
    }
    double limit = limit(arguments.get(3), "D3011", "Fourth argument of replace function");
    return arguments.get(1) instanceof String part
        ? replaceText(text, part, replacement, limit, session)
        : replaceMatches(text, arguments.get(1), replacement, limit, session);
  }

  private static String replaceText(
      String text, String part, Object replacement, double limit, Session session) {
    if (part.isEmpty()) {
      throw new JsonataFault(
          "D3010", "Second argument of replace function cannot be an empty string");
    }
    if (!(replacement instanceof String with)) {
      throw notAString();
    }
    StringBuilder replaced = new StringBuilder(text.length());
    int start = 0;
    int found = text.indexOf(part);
    for (int count = 0; found >= 0 && count < limit; count++) {
      append(replaced, text.substring(start, found), session);
      append(replaced, with, session);
      start = found + part.length();
      found = text.indexOf(part, start);
    }
    append(replaced, text.substring(start), session);
    return replaced.toString();
  }

  private static JsonataFault notAString() {
    return new JsonataFault(
        "D3012", "Attempted to replace a matched string with a non-string value");
  }

  private static String replaceMatches(
      String text, @Nullable Object pattern, Object replacement, double limit, Session session) {
    Matcher matcher = regex(pattern, session, "replace").on(text, session.deadline());
    StringBuilder replaced = new StringBuilder(text.length());
    int start = 0;
    for (int count = 0; count < limit && matcher.find(); count++) {
      refuseEmpty(matcher);
      append(replaced, text.substring(start, matcher.start()), session);
      append(replaced, substitute(matcher, replacement, session), session);
      start = matcher.end();
    }
    append(replaced, text.substring(start), session);
    return replaced.toString();
  }

  private static String substitute(Matcher matcher, Object replacement, Session session) {
    if (replacement instanceof String template) {
      return expand(template, matcher);
    }
    Object result = session.apply(replacement, List.of(RegexMatcher.describe(matcher)));
    if (result instanceof String text) {
      return text;
    }
    throw notAString();
  }

  /** {@code $$} is a dollar, {@code $0} the match, {@code $12} a group if there are so many. */
  private static String expand(String template, Matcher matcher) {
    StringBuilder expanded = new StringBuilder();
    int i = 0;
    while (i < template.length()) {
      char c = template.charAt(i++);
      char next = i < template.length() ? template.charAt(i) : '\0';
      if (c != '$' || (next != '$' && !isDigit(next))) {
        expanded.append(c);
      } else if (next == '$') {
        expanded.append('$');
        i++;
      } else {
        int group = next - '0';
        i++;
        while (i < template.length()
            && isDigit(template.charAt(i))
            && group > 0
            && group * 10 + template.charAt(i) - '0' <= matcher.groupCount()) {
          group = group * 10 + template.charAt(i++) - '0';
        }
        String captured = group <= matcher.groupCount() ? matcher.group(group) : null;
        expanded.append(captured == null ? "" : captured);
      }
    }
    return expanded.toString();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** A merge sort: stable, and indifferent to comparators that contradict themselves. */
  static @Nullable Object sort(Arguments arguments, Session session) {
    if (!(arguments.get(0) instanceof List<?> array)) {
      return null;
    }
    Object comparator = arguments.get(1);
    List<Object> items = new ArrayList<>(array);
    if (items.size() < 2) {
      return items;
    }
    if (comparator == null) {
      refuseMixed(items);
      return mergeSort(items, JsonataOverrides::follows, session);
    }
    return mergeSort(
        items, (a, b) -> session.truth(session.apply(comparator, List.of(a, b))), session);
  }

  private static void refuseMixed(List<Object> items) {
    boolean numbers = items.stream().allMatch(Number.class::isInstance);
    if (!numbers && !items.stream().allMatch(String.class::isInstance)) {
      throw new JsonataFault(
          "D3070",
          "The single argument form of the sort function can only be applied to an array of strings"
              + " or an array of numbers.  Use the second argument to specify a comparison"
              + " function");
    }
  }

  private static boolean follows(Object a, Object b) {
    return a instanceof Number x && b instanceof Number y
        ? x.doubleValue() > y.doubleValue()
        : ((String) a).compareTo((String) b) > 0;
  }

  private interface Follows {
    boolean test(Object a, Object b);
  }

  private static List<Object> mergeSort(List<Object> items, Follows follows, Session session) {
    if (items.size() < 2) {
      return items;
    }
    int middle = items.size() / 2;
    List<Object> left = mergeSort(items.subList(0, middle), follows, session);
    List<Object> right = mergeSort(items.subList(middle, items.size()), follows, session);
    List<Object> merged = new ArrayList<>(items.size());
    int l = 0;
    int r = 0;
    while (l < left.size() && r < right.size()) {
      session.deadline().check();
      merged.add(follows.test(left.get(l), right.get(r)) ? right.get(r++) : left.get(l++));
    }
    merged.addAll(left.subList(l, left.size()));
    merged.addAll(right.subList(r, right.size()));
    return merged;
  }
}
