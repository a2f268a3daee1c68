package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.loadtests.faults.Experiment.Kill;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FailoversTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Path NOWHERE = Path.of("nowhere");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Member node = new NodeMember("node-1", NOWHERE, NOWHERE, 1, Map.of(), http);
  private final Member worker = new WorkerMember("worker-1", NOWHERE, "", List.of());
  private final Member broker = new BrokerMember(1, NOWHERE, List.of());

  /** Goes on ten times a second, but for the gaps. */
  private final Progress progress = new Progress(1);

  private static Kill kill(Member member, int second) {
    return new Kill("storm", member, second * SECOND);
  }

  /** The partition stands still from the one to the other second, and so on. */
  private void gaps(int... seconds) {
    for (long tenth = 0; tenth <= 1_000; tenth++) {
      boolean isStill = false;
      for (int i = 0; i < seconds.length; i += 2) {
        isStill |= tenth > seconds[i] * 10L && tenth < seconds[i + 1] * 10L;
      }
      if (!isStill) {
        progress.progressed(0, tenth * SECOND / 10);
      }
    }
  }

  private Failovers of(Kill... kills) {
    return Failovers.of(List.of(kills), progress::longestGap);
  }

  private static List<Duration> seconds(int... each) {
    return IntStream.of(each).mapToObj(Duration::ofSeconds).toList();
  }

  @Test
  void shouldMeasureTheGapAroundEachKillOfANode() {
    gaps(9, 13, 29, 40);
    Failovers failovers = of(kill(node, 10), kill(worker, 20), kill(node, 30));
    assertThat(failovers.all()).isEqualTo(seconds(4, 11));
    assertThat(failovers.alone()).isEqualTo(seconds(4, 11));
  }

  @Test
  void shouldNotCountWhatBeganWithTheNextKill() {
    gaps(9, 13, 21, 35);
    assertThat(of(kill(node, 10), kill(broker, 20)).all()).isEqualTo(seconds(4));
    assertThat(of(kill(node, 10)).all()).isEqualTo(seconds(14));
  }

  @Test
  void shouldCountAGapThatLastsBeyondTheNextKillAndTellThatItWasNotAlone() {
    gaps(9, 25);
    Failovers failovers = of(kill(node, 10), kill(broker, 20));
    assertThat(failovers.all()).isEqualTo(seconds(16));
    assertThat(failovers.alone()).isEmpty();
    assertThat(of(kill(node, 10), kill(worker, 20)).alone()).isEqualTo(seconds(16));
  }

  @Test
  void shouldCountAGapForEachOfTwoNodes() {
    gaps(9, 25);
    Failovers failovers = of(kill(node, 10), kill(node, 20));
    assertThat(failovers.all()).isEqualTo(seconds(16, 16));
    assertThat(failovers.alone()).isEmpty();
  }

  @Test
  void shouldSayThatNothingStoodStill() {
    gaps();
    assertThat(of(kill(node, 10)).all()).isEqualTo(seconds(0));
  }

  @Test
  void shouldDrawANodeForEveryOtherKill() {
    Random random = new Random(1);
    List<KillStorm.Kind> kinds = Stream.generate(() -> KillStorm.kind(random)).limit(400).toList();
    assertThat(kinds).contains(KillStorm.Kind.values());
    assertThat(kinds).filteredOn(KillStorm.Kind.NODE::equals).hasSizeBetween(150, 250);
  }
}
