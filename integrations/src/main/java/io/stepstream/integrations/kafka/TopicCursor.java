package io.stepstream.integrations.kafka;

import io.stepstream.asl.items.ReadRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is left of a topic's spans, as text: {@code PARTITION:NEXT-END} for each, with blanks
 * between. A Map run keeps it.
 */
final class TopicCursor {

  /** Of a span, at most. */
  static final int MOST_BYTES = 10 + 1 + 19 + 1 + 19 + 1;

  private static final Pattern SPAN = Pattern.compile("(\\d{1,9}):(\\d{1,18})-(\\d{1,18})");

  private TopicCursor() {}

  static String encode(List<Span> spans) {
    return spans.stream()
        .map(span -> "%d:%d-%d".formatted(span.partition(), span.next(), span.end()))
        .collect(Collectors.joining(" "));
  }

  /**
   * @throws ReadRefused it is no cursor of a topic
   */
  static List<Span> decode(String cursor) throws ReadRefused {
    List<Span> spans = new ArrayList<>();
    for (String span : cursor.split(" ", TopicRange.MOST_PARTITIONS + 1)) {
      Matcher matcher = SPAN.matcher(span);
      if (!matcher.matches()) {
        throw new ReadRefused("'%s' is no cursor of a topic.".formatted(cursor));
      }
      spans.add(
          new Span(
              Integer.parseInt(matcher.group(1)),
              Long.parseLong(matcher.group(2)),
              Long.parseLong(matcher.group(3))));
    }
    return spans;
  }
}
