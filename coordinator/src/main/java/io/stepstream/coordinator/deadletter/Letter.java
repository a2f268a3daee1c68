package io.stepstream.coordinator.deadletter;

import io.stepstream.schemas.topic.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter, with as much of its record as is shown.
 *
 * @param time when it was put aside
 * @param source where its record was; null: the letter doesn't tell
 * @param component who put it aside
 * @param reason what was wrong
 * @param headers those that the record had itself
 * @param answered whether whoever waited for the record was told of a failure
 * @param leftOut whether key, value and headers are missing because they were too large
 * @param mark what became of it; null: nothing yet
 */
public record Letter(
    LetterId id,
    Instant time,
    @Nullable Source source,
    String component,
    String reason,
    @Nullable Excerpt key,
    @Nullable Excerpt value,
    List<HeaderExcerpt> headers,
    boolean answered,
    boolean leftOut,
    @Nullable Mark mark) {

  /**
   * Where a record was.
   *
   * @param time its own timestamp
   */
  public record Source(String topic, int partition, long offset, Instant time) {}

  /** A header of the record. */
  public record HeaderExcerpt(String name, @Nullable Excerpt value) {}

  /** How much of a record is shown, in bytes; of headers, as many at most. */
  record Extent(int value, int header, int headers) {

    static final Extent IN_LIST = new Extent(512, 0, 0);
    static final Extent ALONE = new Extent(65_536, 1_024, 100);
  }

  private static final int LONGEST_TEXT = 4_096;

  static Letter of(ConsumerRecord<byte[], byte[]> record, @Nullable Mark mark, Extent extent) {
    List<HeaderExcerpt> headers = new ArrayList<>();
    for (Header header : DeadLetter.originals(record.headers())) {
      if (headers.size() < extent.headers()) {
        headers.add(new HeaderExcerpt(header.key(), Excerpt.of(header.value(), extent.header())));
      }
    }
    return new Letter(
        new LetterId(record.partition(), record.offset()),
        Instant.ofEpochMilli(record.timestamp()),
        source(record),
        text(record, DeadLetter.COMPONENT),
        text(record, DeadLetter.REASON),
        Excerpt.of(record.key(), extent.value()),
        Excerpt.of(record.value(), extent.value()),
        List.copyOf(headers),
        text(record, DeadLetter.ANSWERED).equals("true"),
        record.headers().lastHeader(DeadLetter.LEFT_OUT) != null,
        mark);
  }

  /** Anybody may write to the topic, so a letter may have anything in its headers. */
  private static @Nullable Source source(ConsumerRecord<byte[], byte[]> record) {
    String topic = text(record, DeadLetter.TOPIC);
    if (topic.isEmpty()) {
      return null;
    }
    try {
      return new Source(
          topic,
          Integer.parseInt(text(record, DeadLetter.PARTITION)),
          Long.parseLong(text(record, DeadLetter.OFFSET)),
          Instant.ofEpochMilli(Long.parseLong(text(record, DeadLetter.TIMESTAMP))));
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
    Header found = record.headers().lastHeader(header);
    if (found == null || found.value() == null) {
      return "";
    }
    byte[] bytes = found.value();
    return new String(bytes, 0, Math.min(bytes.length, LONGEST_TEXT), StandardCharsets.UTF_8);
  }
}
