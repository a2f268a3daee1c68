package io.stepstream.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterleavingTest {

  private static final List<Map<String, Object>> RECORDED =
      List.of(event(1, 0, "A"), event(2, 1, "B"), event(3, 1, "C"), event(4, 3, "D"));

  private final Matcher matcher = new Matcher(new RecordedCase(Map.of("category", "c")));

  private static Map<String, Object> event(long id, long previous, String type) {
    return Map.of("id", id, "previousEventId", previous, "type", type);
  }

  @Test
  void shouldPutWhatRunsSideBySideInTheRecordedOrder() {
    List<Map<String, Object>> ours =
        List.of(event(1, 0, "A"), event(2, 1, "C"), event(3, 2, "D"), event(4, 1, "B"));

    assertThat(Interleaving.undone(RECORDED, ours, matcher)).isEqualTo(RECORDED);
  }

  @Test
  void shouldLeaveEventsThatFollowOthersThanRecorded() {
    List<Map<String, Object>> ours =
        List.of(event(1, 0, "A"), event(2, 1, "C"), event(3, 1, "B"), event(4, 3, "D"));

    assertThat(Interleaving.undone(RECORDED, ours, matcher)).isSameAs(ours);
  }

  @Test
  void shouldLeaveEventsOfWhichSomeAreMissingOrTooMany() {
    List<Map<String, Object>> fewer = RECORDED.subList(0, 3);
    List<Map<String, Object>> more =
        List.of(
            event(1, 0, "A"),
            event(2, 1, "B"),
            event(3, 1, "C"),
            event(4, 3, "D"),
            event(5, 4, "E"));

    assertThat(Interleaving.undone(RECORDED, fewer, matcher)).isSameAs(fewer);
    assertThat(Interleaving.undone(RECORDED, more, matcher)).isSameAs(more);
  }
}
