package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.stepstream.coordinator.deadletter.Excerpt;
import io.stepstream.coordinator.deadletter.Letter;
import io.stepstream.coordinator.deadletter.LetterOutcome;
import io.stepstream.coordinator.deadletter.LetterPage;
import io.stepstream.coordinator.deadletter.Mark;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter. Times are in ISO 8601, UTC.
 *
 * @param source null: the letter doesn't tell
 * @param key null: the record has none
 * @param value null: the record has none
 * @param headers of the record itself; null in lists
 * @param stateDate when it was redriven or discarded; null: it is open
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeadLetterAnswer(
    String id,
    String time,
    @Nullable Source source,
    String component,
    String reason,
    @Nullable Bytes key,
    @Nullable Bytes value,
    @Nullable List<NamedBytes> headers,
    boolean answered,
    boolean leftOut,
    String state,
    @Nullable String stateDate) {

  /** Where the record was. */
  public record Source(String topic, int partition, long offset, String time) {}

  /**
   * Bytes as text.
   *
   * @param text their beginning in UTF-8; U+FFFD in place of what is none
   * @param bytes how many there are
   * @param truncated whether text is their beginning only
   */
  public record Bytes(String text, int bytes, boolean truncated) {

    static @Nullable Bytes of(@Nullable Excerpt excerpt) {
      return excerpt == null
          ? null
          : new Bytes(excerpt.text(), excerpt.length(), !excerpt.isComplete());
    }
  }

  /** A header. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record NamedBytes(String name, @Nullable Bytes value) {}

  /**
   * Letters, newest first.
   *
   * @param nextPageToken null: these are the last
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Page(List<DeadLetterAnswer> deadLetters, @Nullable String nextPageToken) {

    static Page of(LetterPage page) {
      return new Page(
          page.letters().stream().map(letter -> DeadLetterAnswer.of(letter, null)).toList(),
          LetterPageToken.of(page.before()));
    }
  }

  /** What became of each letter of a request. */
  public record Outcomes(List<Outcome> outcomes) {

    static Outcomes of(List<LetterOutcome> outcomes) {
      return new Outcomes(
          outcomes.stream()
              .map(
                  outcome ->
                      new Outcome(outcome.id().toString(), outcome.kind().name(), outcome.detail()))
              .toList());
    }
  }

  /**
   * What became of a letter.
   *
   * @param detail why not; null: it was done
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Outcome(String id, String outcome, @Nullable String detail) {}

  /** With the headers of its record. */
  static DeadLetterAnswer of(Letter letter) {
    return of(
        letter,
        letter.headers().stream()
            .map(header -> new NamedBytes(header.name(), Bytes.of(header.value())))
            .toList());
  }

  private static DeadLetterAnswer of(Letter letter, @Nullable List<NamedBytes> headers) {
    Mark mark = letter.mark();
    Letter.Source source = letter.source();
    return new DeadLetterAnswer(
        letter.id().toString(),
        letter.time().toString(),
        source == null
            ? null
            : new Source(
                source.topic(), source.partition(), source.offset(), source.time().toString()),
        letter.component(),
        letter.reason(),
        Bytes.of(letter.key()),
        Bytes.of(letter.value()),
        headers,
        letter.answered(),
        letter.leftOut(),
        mark == null ? "open" : mark.kind().name().toLowerCase(Locale.ROOT),
        mark == null ? null : mark.date().toString());
  }

  static Response response(Object entity) {
    return Response.ok(entity, MediaType.APPLICATION_JSON)
        .header("Cache-Control", "no-store")
        .build();
  }
}
