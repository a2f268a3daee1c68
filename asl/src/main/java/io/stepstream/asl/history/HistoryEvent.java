package io.stepstream.asl.history;

/**
 * One event of an execution's history.
 *
 * @param id from 1, without gaps
 * @param previousEventId the event that led to this one on the same thread of control, 0 for the
 *     first
 * @param timestampMillis milliseconds since the epoch
 */
public record HistoryEvent(
    long id,
    long previousEventId,
    long timestampMillis,
    HistoryEventType type,
    HistoryDetails details) {}
