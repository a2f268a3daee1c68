package io.stepstream.coordinator.index;

import static java.util.Objects.requireNonNull;

import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;

/**
 * A topic of histories, and what an index of it is for.
 *
 * @param retention how long executions are listed: Standard ones after their end, Express children
 *     after their start
 */
public record IndexedTopic(
    String name, RecordCodec<HistoryRecord> codec, Duration retention, Purpose purpose) {

  /** What is kept of an execution besides what a list needs. */
  enum Purpose {
    /** All that it may be found by. */
    SEARCHED,

    /** The same without input and output, which cost several times as much. */
    SEARCHED_WITHOUT_PAYLOADS,

    /**
     * Where its records are, to describe it from: there may be hundreds of thousands, of which few
     * are ever asked for.
     */
    LOCATED
  }

  public IndexedTopic {
    requireNonNull(name, "name");
    requireNonNull(codec, "codec");
    requireNonNull(retention, "retention");
    requireNonNull(purpose, "purpose");
  }

  /**
   * Standard executions.
   *
   * @param payloads whether they are found by what is in their input and output
   */
  public static IndexedTopic standard(SchemaRegistry registry, boolean payloads) {
    String name = LaneTopics.of(Lane.STANDARD).history();
    return new IndexedTopic(
        name,
        WireCodec.forTopic(HistoryRecord.class, name, registry),
        Topics.HISTORY_KEPT,
        payloads ? Purpose.SEARCHED : Purpose.SEARCHED_WITHOUT_PAYLOADS);
  }

  /** Express child executions of Map runs. */
  public static IndexedTopic expressChildren(SchemaRegistry registry) {
    String name = LaneTopics.of(Lane.EXPRESS).childHistory();
    return new IndexedTopic(
        name,
        WireCodec.forTopic(HistoryRecord.class, name, registry),
        Topics.EXPRESS_CHILDREN_KEPT,
        Purpose.LOCATED);
  }
}
