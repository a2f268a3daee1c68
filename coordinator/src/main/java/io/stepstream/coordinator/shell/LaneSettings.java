package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.engine.RedriveRules;
import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.tracing.Sampling;
import java.time.Duration;

/**
 * What makes a lane.
 *
 * @param generations over how many partitions of inbox, peer and history executions are spread
 * @param region for history events
 * @param retention how long the summary of a closed execution answers for its name
 * @param transitions false: no history records for this lane (Express only)
 * @param statusChanges whether changes of statuses are told in EventBridge's shape (Standard only)
 * @param tracing which executions are traced, of the machines that want it
 */
public record LaneSettings(
    LaneTopics topics,
    Generations generations,
    String region,
    Limits limits,
    CommitPacing.Settings pacing,
    Duration retention,
    boolean transitions,
    boolean statusChanges,
    Sampling tracing) {

  static final long DAY_MILLIS = 86_400_000;

  public static LaneSettings standard(Generations generations, String region) {
    return new LaneSettings(
        LaneTopics.of(Lane.STANDARD),
        generations,
        region,
        Limits.DEFAULT,
        CommitPacing.Settings.EXACTLY_ONCE,
        Duration.ofDays(90),
        true,
        false,
        Sampling.NONE);
  }

  /** The same, but for whether changes of statuses are told. */
  public LaneSettings tellingStatusChanges(boolean told) {
    return new LaneSettings(
        topics, generations, region, limits, pacing, retention, transitions, told, tracing);
  }

  /** The same, but over other partitions. */
  public LaneSettings over(Generations others) {
    return new LaneSettings(
        topics, others, region, limits, pacing, retention, transitions, statusChanges, tracing);
  }

  /** The same, but for which executions are traced. */
  public LaneSettings tracing(Sampling traced) {
    return new LaneSettings(
        topics, generations, region, limits, pacing, retention, transitions, statusChanges, traced);
  }

  public static LaneSettings express(Generations generations, String region, boolean transitions) {
    return new LaneSettings(
        LaneTopics.of(Lane.EXPRESS),
        generations,
        region,
        Limits.DEFAULT,
        CommitPacing.Settings.AT_LEAST_ONCE,
        Duration.ZERO,
        transitions,
        false,
        Sampling.NONE);
  }

  /** When what ended then is forgotten. Rounded up to the day: rows of one day go in one sweep. */
  long dayOfRetention(long endedMillis) {
    return Math.ceilDiv(endedMillis + retention.toMillis(), DAY_MILLIS) * DAY_MILLIS;
  }

  /** When what failed then can't be redriven any more; rounded up as well. */
  long endOfRedrivePeriod(long endedMillis) {
    return Math.ceilDiv(endedMillis + RedriveRules.PERIOD.toMillis() + 1, DAY_MILLIS) * DAY_MILLIS;
  }

  /**
   * The generation that a launch is for. Of Standard executions an older one may know the name,
   * which only it can tell; ARNs of Express executions are never given twice.
   */
  public int generationOfLaunch(Lane launched) {
    return launched == Lane.EXPRESS ? generations.latest() : generations.unknown();
  }

  boolean express() {
    return topics.lane() == Lane.EXPRESS;
  }
}
