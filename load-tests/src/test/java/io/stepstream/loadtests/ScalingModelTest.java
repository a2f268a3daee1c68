package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.stepstream.loadtests.ScalingModel.Assumptions;
import io.stepstream.loadtests.ScalingModel.Limit;
import io.stepstream.loadtests.ScalingModel.Resource;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScalingModelTest {

  private static final Offset<Double> EXACT = within(1e-6);

  /** 0.4, 0.25 on the thread, 0.1 + 5 x 0.02 and 0.08 CPU-seconds per 1,000. */
  private static final ExecutionCosts COSTS =
      new ExecutionCosts(0.000_4, 0.000_25, 0.000_1, 5, 0.000_02, 0.000_08);

  private final ScalingModel model = new ScalingModel(COSTS, Assumptions.BENCH);

  /** Plenty of all but what a test takes away. */
  private static Deployment deployment(int partitions, int coordinators, int threads) {
    return new Deployment(partitions, coordinators, threads, 4, 100, 8, 100, 8);
  }

  @Test
  void shouldGrowWithCoordinatorsThatHaveEqualShares() {
    // One uses up 0.25 cores at 0.25 / 0.0004 = 625/s.
    for (int count = 1; count <= 3; count++) {
      Limit limit = model.tightest(new Deployment(12, count, 1, 0.25, 1, 2, 1, 2));

      assertThat(limit.resource()).isEqualTo(Resource.COORDINATORS);
      assertThat(limit.perSecond()).isEqualTo(625.0 * count, EXACT);
    }
  }

  @Test
  void shouldLetTheFullestCoordinatorSetThePace() {
    // Eight partitions among three: one has 3, so all together do 8/3 of what one does.
    Limit limit = model.tightest(new Deployment(8, 3, 1, 0.25, 1, 2, 1, 2));

    assertThat(limit.perSecond()).isEqualTo(625.0 * 8 / 3, EXACT);
  }

  @Test
  void shouldLimitAPartitionToItsThread() {
    // 1 / 0.00025 = 4,000/s, however many cores and threads there are.
    Limit limit = model.tightest(deployment(1, 1, 8));

    assertThat(limit).isEqualTo(new Limit(Resource.THREADS, limit.perSecond()));
    assertThat(limit.perSecond()).isEqualTo(4_000.0, EXACT);
  }

  @Test
  void shouldLeaveThreadsBeyondThePartitionsIdle() {
    // 3 of 4 threads work: 12,000/s, where their two coordinators' cores would do 15,000/s.
    Limit limit = model.tightest(deployment(3, 2, 2));

    assertThat(limit.resource()).isEqualTo(Resource.THREADS);
    assertThat(limit.perSecond()).isEqualTo(12_000.0, EXACT);
  }

  @Test
  void shouldChargeBrokersForMarkersAndCopies() {
    // 0.0002 once; with two further copies at half the cost twice that: 0.0004.
    Deployment brokersShort = new Deployment(64, 8, 8, 8, 100, 8, 3, 2);

    Limit once = model.tightest(brokersShort);
    Limit replicated = new ScalingModel(COSTS, new Assumptions(1, 3, 0.5)).tightest(brokersShort);

    assertThat(once).isEqualTo(new Limit(Resource.BROKERS, once.perSecond()));
    assertThat(once.perSecond()).isEqualTo(30_000.0, EXACT);
    assertThat(replicated.perSecond()).isEqualTo(15_000.0, EXACT);
  }

  @Test
  void shouldLimitByWorkers() {
    Limit limit = model.tightest(new Deployment(64, 8, 8, 8, 2, 1, 100, 8));

    assertThat(limit.resource()).isEqualTo(Resource.WORKERS);
    assertThat(limit.perSecond()).isEqualTo(25_000.0, EXACT);
  }

  @Test
  void shouldUseNoMoreOfACoreThanItMay() {
    ScalingModel cautious = new ScalingModel(COSTS, new Assumptions(0.7, 1, 0));

    Limit limit = cautious.tightest(new Deployment(12, 2, 8, 4, 100, 8, 100, 8));

    // 0.7 x 4 / 0.0004 = 7,000/s each.
    assertThat(limit.resource()).isEqualTo(Resource.COORDINATORS);
    assertThat(limit.perSecond()).isEqualTo(14_000.0, EXACT);
  }

  @Test
  void shouldTellWhatIsNeeded() {
    ScalingModel production = new ScalingModel(COSTS, Assumptions.PRODUCTION);

    // 5.6 usable cores a machine. 40 cores: 7.14; 25 threads at 70 %: 4.46 machines of 8 threads;
    // 8 cores of work: 1.43; brokers 20 x 2 = 40 cores: 7.14.
    assertThat(production.needed(100_000, 8, 8)).isEqualTo(new Deployment(64, 8, 8, 8, 2, 8, 8, 8));
    // Never fewer brokers than copies.
    assertThat(production.needed(1_000, 8, 8)).isEqualTo(new Deployment(8, 1, 8, 8, 1, 8, 3, 8));
  }

  @Test
  void shouldAddCoordinatorsWhereThreadsAreShort() {
    // Two threads each do 8,000/s, where four cores would do 10,000/s.
    assertThat(model.needed(17_000, 4, 2).coordinators()).isEqualTo(3);
    assertThat(model.needed(16_000, 4, 2).coordinators()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 999, 1_000, 13_579, 100_000})
  void shouldNeedNoMoreThanItTakes(double perSecond) {
    ScalingModel production = new ScalingModel(COSTS, Assumptions.PRODUCTION);
    Deployment needed = production.needed(perSecond, 8, 8);

    assertThat(production.tightest(needed).perSecond()).isGreaterThanOrEqualTo(perSecond);
    if (needed.coordinators() > 1) {
      Deployment fewer =
          new Deployment(
              needed.partitions(),
              needed.coordinators() - 1,
              8,
              8,
              needed.workers(),
              8,
              needed.brokers(),
              8);
      assertThat(production.tightest(fewer).perSecond()).isLessThan(perSecond);
    }
  }

  @Test
  void shouldRefuseWhatCannotBe() {
    assertThatThrownBy(() -> new ExecutionCosts(0, 1, 0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ExecutionCosts(1, 1, 0, -1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Deployment(0, 1, 1, 1, 1, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Deployment(1, 1, 1, 0, 1, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Assumptions(1.1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Assumptions(1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
