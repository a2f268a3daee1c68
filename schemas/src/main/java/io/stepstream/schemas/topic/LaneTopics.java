package io.stepstream.schemas.topic;

import static java.util.Objects.requireNonNull;

import io.stepstream.schemas.Lane;

/**
 * The topics that a lane has for itself; all have the same number of partitions.
 *
 * @param inbox commands of the API and results of workers; never written transactionally, since a
 *     reader would wait for the writer's commit
 * @param peer messages between coordinators; a topic of its own because these are transactional
 * @param history one record per state transition
 * @param childHistory the same for child executions of Map runs. Of Express executions only those
 *     are listed and described, so they have a topic of their own, and who keeps lists need not
 *     read the far more that are not (ADR 0033). Standard ones have the lane's
 * @param replies answers to commands that came from another node than the one which carries them
 *     out; a node reads one partition of it, which its id leads to
 */
public record LaneTopics(
    Lane lane, String inbox, String peer, String history, String childHistory, String replies) {

  private static final LaneTopics STANDARD =
      new LaneTopics(
          Lane.STANDARD,
          "stepstream.std.inbox",
          "stepstream.std.peer",
          "stepstream.history",
          "stepstream.history",
          "stepstream.std.replies");

  private static final LaneTopics EXPRESS =
      new LaneTopics(
          Lane.EXPRESS,
          "stepstream.exp.inbox",
          "stepstream.exp.peer",
          "stepstream.exp.history",
          "stepstream.exp.children",
          "stepstream.exp.replies");

  public LaneTopics {
    requireNonNull(lane, "lane");
    requireNonNull(inbox, "inbox");
    requireNonNull(peer, "peer");
    requireNonNull(history, "history");
    requireNonNull(childHistory, "childHistory");
    requireNonNull(replies, "replies");
  }

  /** The topic that has an execution's history. */
  public String historyOf(ExecutionKey execution) {
    return ExecutionKey.isChild(execution.arn()) ? childHistory : history;
  }

  /** The other lane's topics. */
  public LaneTopics otherLane() {
    return lane == Lane.STANDARD ? EXPRESS : STANDARD;
  }

  /**
   * @throws IllegalArgumentException for {@link Lane#UNKNOWN}, the placeholder for lanes of newer
   *     releases
   */
  public static LaneTopics of(Lane lane) {
    return switch (lane) {
      case STANDARD -> STANDARD;
      case EXPRESS -> EXPRESS;
      case UNKNOWN -> throw new IllegalArgumentException("This release doesn't know that lane");
    };
  }
}
