package io.stepstream.asl.items;

import io.stepstream.asl.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The narrowest span of offsets of each partition that has all of some records. Records of others
 * may be in it too.
 */
public record TopicSpans(SortedMap<Integer, Span> byPartition) {

  public static final TopicSpans NONE = new TopicSpans(new TreeMap<>());

  /**
   * @param from the first record's offset
   * @param to the offset after the last record's
   */
  public record Span(long from, long to) {

    private Span with(Span other) {
      return new Span(Math.min(from, other.from), Math.max(to, other.to));
    }
  }

  public TopicSpans {
    byPartition = Collections.unmodifiableSortedMap(new TreeMap<>(byPartition));
  }

  /** One record more. */
  public TopicSpans with(int partition, long offset) {
    SortedMap<Integer, Span> one = new TreeMap<>();
    one.put(partition, new Span(offset, offset + 1));
    return with(new TopicSpans(one));
  }

  public TopicSpans with(TopicSpans others) {
    SortedMap<Integer, Span> all = new TreeMap<>(byPartition);
    others.byPartition.forEach((partition, span) -> all.merge(partition, span, Span::with));
    return new TopicSpans(all);
  }

  /** An object with an array of two offsets for each partition. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    byPartition.forEach(
        (partition, span) -> json.put(partition.toString(), List.of(span.from(), span.to())));
    return json;
  }

  public String encode() {
    return Json.encode(json());
  }

  /**
   * @param json as {@link #json} gives it
   * @throws ReadRefused it is something else
   */
  public static TopicSpans of(Map<?, ?> json) throws ReadRefused {
    SortedMap<Integer, Span> spans = new TreeMap<>();
    for (Map.Entry<?, ?> entry : json.entrySet()) {
      if (entry.getKey() instanceof String partition
          && partition.matches("\\d{1,9}")
          && entry.getValue() instanceof List<?> offsets
          && offsets.size() == 2
          && offsets.get(0) instanceof Number from
          && offsets.get(1) instanceof Number to
          && from.longValue() >= 0
          && from.longValue() <= to.longValue()) {
        spans.put(Integer.valueOf(partition), new Span(from.longValue(), to.longValue()));
      } else {
        throw OrderText.refused("spans");
      }
    }
    return new TopicSpans(spans);
  }
}
