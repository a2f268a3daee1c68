package io.stepstream.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationsTest {

  private static final Generations GROWN = Generations.of(4).grownTo(8).grownTo(24);

  private static ExecutionKey key(int number) {
    return ExecutionKey.of("arn:aws:states:us-east-1:111111111111:execution:m:e" + number);
  }

  @Test
  void shouldAskEachPlaceOfAKeyOnce() {
    for (int i = 0; i < 1_000; i++) {
      ExecutionKey key = key(i);
      List<Integer> asked = new ArrayList<>();
      int place = GROWN.partition(key, Generations.UNKNOWN);
      asked.add(place);
      while (GROWN.next(key, place) != place) {
        place = GROWN.next(key, place);
        asked.add(place);
      }

      assertThat(asked)
          .doesNotHaveDuplicates()
          .containsExactlyElementsOf(
              IntStream.of(key.partition(4), key.partition(8), key.partition(24))
                  .distinct()
                  .boxed()
                  .toList());
      assertThat(place).isEqualTo(GROWN.latestPartition(key));
      assertThat(GROWN.apart(key).stream().map(g -> GROWN.partition(key, g)))
          .containsExactlyElementsOf(asked);
      assertThat(asked).allMatch(at -> GROWN.isPlace(key, at));
    }
  }

  @Test
  void shouldAskNobodyElseAboutWhatCannotBeHere() {
    ExecutionKey key = key(1);
    int elsewhere =
        IntStream.range(0, 24).filter(p -> !GROWN.isPlace(key, p)).findFirst().orElseThrow();

    assertThat(GROWN.next(key, elsewhere)).isEqualTo(elsewhere);
  }

  @Test
  void shouldKnowOnePlaceWhileThereIsOneGeneration() {
    Generations one = Generations.of(48);

    assertThat(one.unknown()).isEqualTo(Generations.FIRST);
    assertThat(one.latest()).isEqualTo(1);
    for (int i = 0; i < 100; i++) {
      assertThat(one.apart(key(i))).containsExactly(1);
      assertThat(one.next(key(i), one.latestPartition(key(i))))
          .isEqualTo(one.latestPartition(key(i)));
    }
  }

  @Test
  void shouldKeepWhatWasPlacedBefore() {
    for (int i = 0; i < 100; i++) {
      assertThat(GROWN.partition(key(i), 1)).isEqualTo(key(i).partition(4));
      assertThat(GROWN.partition(key(i), 2)).isEqualTo(key(i).partition(8));
      assertThat(GROWN.partition(key(i), 3)).isEqualTo(GROWN.latestPartition(key(i)));
    }
    assertThat(GROWN.unknown()).isEqualTo(Generations.UNKNOWN);
    assertThat(GROWN.exists(3)).isTrue();
    assertThat(GROWN.exists(4)).isFalse();
    assertThat(GROWN.exists(Generations.UNKNOWN)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 12, 36, 0, -48})
  void shouldGrowByMultiplesOnly(int partitions) {
    assertThatThrownBy(() -> GROWN.grownTo(partitions))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("each a multiple of the one before");
  }

  @Test
  void shouldRefuseNumbersThatNobodyCanHaveWritten() {
    assertThatThrownBy(() -> new Generations(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 0");
    assertThatThrownBy(() -> Generations.of(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Generations(IntStream.range(0, 17).map(power -> 1 << power).boxed().toList()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 17");
  }
}
