package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.loadtests.Placement.Member;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScalingTest {

  private static final ScalingSettings SETTINGS =
      new ScalingSettings(
          LoadScenario.STANDARD_TASK,
          List.of(1, 2, 3),
          25,
          Duration.ofSeconds(20),
          Duration.ofSeconds(90),
          12);

  /** 0.4 at the coordinators, 0.25 of it on their threads; 1.0 CPU-seconds per 1,000 in all. */
  private static ScalingPoint point(int coordinators, double perSecond) {
    return new ScalingPoint(
        coordinators, perSecond, 0.000_4, 0.000_25, 0.000_3, 0.000_1, 0.000_2, 5);
  }

  @Test
  void shouldReadWhatACoordinatorTells() {
    CoordinatorReport report = new CoordinatorReport(true, 123, 456_000_000_000L);

    assertThat(CoordinatorReport.parse(report.line())).isEqualTo(report);
    assertThat(CoordinatorReport.parse("coordinator false 0 0"))
        .isEqualTo(new CoordinatorReport(false, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "coordinator ",
        "coordinator true 1",
        "coordinator yes 1 2",
        "coordinator true one 2",
        "coordinator true 1 2 3",
        "wire 1 2"
      })
  void shouldTellOfAnythingElse(String line) {
    assertThatThrownBy(() -> CoordinatorReport.parse(line))
        .isInstanceOf(BenchFailure.class)
        .hasMessageEndingWith("doesn't tell of itself but: " + line);
  }

  @Test
  void shouldKnowWhetherPartitionsAreSpread() {
    Set<String> nodes = Set.of("aa", "bb");
    List<Member> even = List.of(new Member("lane-aa-1", 4), new Member("lane-bb-1", 3));

    assertThat(Placement.isSpread(even, nodes, 7)).isTrue();
    // One partition is nobody's.
    assertThat(Placement.isSpread(even, nodes, 8)).isFalse();
    assertThat(Placement.isSpread(List.of(), nodes, 7)).isFalse();
    assertThat(
            Placement.isSpread(
                List.of(new Member("lane-aa-1", 5), new Member("lane-bb-1", 2)), nodes, 7))
        .isFalse();
    // One that has stopped still owns some, or owns none but is still a member.
    assertThat(
            Placement.isSpread(
                List.of(
                    new Member("lane-aa-1", 3),
                    new Member("lane-bb-1", 3),
                    new Member("lane-cc-1", 1)),
                nodes,
                7))
        .isFalse();
    // Threads of a node count together.
    assertThat(
            Placement.isSpread(
                List.of(
                    new Member("lane-aa-1", 3),
                    new Member("lane-aa-2", 1),
                    new Member("lane-bb-1", 3)),
                nodes,
                7))
        .isTrue();
  }

  @Test
  void shouldCountAsMarkersWhatNobodySent() {
    // 14 offsets each; 9 sent by coordinators, and a start and a result.
    assertThat(ScalingTrial.markers(1_400, 900, 100)).isEqualTo(3.0, within(1e-9));
    assertThat(ScalingTrial.markers(1_000, 900, 100)).isZero();
  }

  @Test
  void shouldCompareWithWhatTheFewestCost() {
    ScalingCheck check = ScalingCheck.of(point(3, 1_800), point(1, 600), 0.000_02, SETTINGS, 2);

    // 3 x 0.25 / 0.0004 = 1,875/s.
    assertThat(check.predictedPerSecond()).isEqualTo(1_875.0, within(1e-6));
    assertThat(check.limitedBy()).isEqualTo("coordinators");
    assertThat(check.deviation()).isEqualTo(-0.04, within(1e-9));
  }

  @Test
  void shouldWarmUpLongestWhileAllCompile() {
    assertThat(SETTINGS.warmUp(3)).isEqualTo(Duration.ofSeconds(270));
    assertThat(SETTINGS.warmUp(2)).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void shouldKnowThatTheMachineIsShared() {
    // 2 cores / 0.001, before the coordinators' 4 x 0.25 / 0.0004.
    ScalingCheck check = ScalingCheck.of(point(4, 1_500), point(1, 600), 0.000_02, SETTINGS, 2);

    assertThat(check.predictedPerSecond()).isEqualTo(2_000.0, within(1e-6));
    assertThat(check.limitedBy()).isEqualTo("machine");
  }

  @Test
  void shouldTakeMarkersOutOfTheBrokersCost() {
    assertThat(point(1, 600).costs(0.000_02))
        .isEqualTo(
            new ExecutionCosts(0.000_4, 0.000_25, 0.000_3 - 5 * 0.000_02, 5, 0.000_02, 0.000_1));
    // Dear ones cost all that there is.
    assertThat(point(1, 600).costs(0.001).broker()).isZero();
  }

  @Test
  void shouldPrintTablesAndALineOfJson() throws Exception {
    ScalingResult result =
        new ScalingResult(
            SETTINGS, List.of(point(1, 600), point(2, 1_300), point(3, 1_800)), 0.000_02, 2);

    assertThat(result.tables().lines().toList())
        .anySatisfy(line -> assertThat(line).matches(" *3 +1800/s +1875/s +-4.0 % +coordinators.*"))
        .anySatisfy(line -> assertThat(line).matches(" *100,000 +64 +8 +2 +11"));
    assertThat(result.json()).doesNotContain("\n");
    JsonNode json = new ObjectMapper().readTree(result.json());
    assertThat(json.path("scenario").asText()).isEqualTo("standard-task");
    assertThat(json.at("/checks/1/predicted_per_s").asDouble()).isEqualTo(1_250);
    assertThat(json.at("/checks/1/deviation").asDouble()).isEqualTo(0.04);
    assertThat(json.at("/checks/0/cpu_seconds_of_broker_per_1000_executions").asDouble())
        .isEqualTo(0.3);
    // 1,800 x 0.0004 of 3 x 0.25.
    assertThat(json.at("/checks/2/quota_used").asDouble()).isEqualTo(0.96);
    assertThat(json.path("broker_cpu_micros_per_marker").asDouble()).isEqualTo(20);
    assertThat(json.at("/needed/2/coordinators").asInt()).isEqualTo(8);
    assertThat(json.at("/needed/0/brokers").asInt()).isEqualTo(3);
  }
}
