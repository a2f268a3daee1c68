package io.stepstream.integrations.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.items.ReadRefused;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicCursorTest {

  @Test
  void shouldCarryWhatIsLeftThereAndBack() throws ReadRefused {
    List<Span> spans = List.of(new Span(0, 7, 9), new Span(11, 0, 123_456_789_012L));

    String cursor = TopicCursor.encode(spans);

    assertThat(cursor).isEqualTo("0:7-9 11:0-123456789012");
    assertThat(TopicCursor.decode(cursor)).isEqualTo(spans);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "0:1", "0:1-", "-1:1-2", "0:1-2  1:1-2", "0:1-99999999999999999999"})
  void shouldRefuseWhatIsNoCursor(String text) {
    assertThatThrownBy(() -> TopicCursor.decode(text)).isInstanceOf(ReadRefused.class);
  }
}
