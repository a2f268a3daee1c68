package io.stepstream.asl.engine;

import java.util.List;

/**
 * One thread of control: the top level of an execution, a branch of a Parallel state or an
 * iteration of a Map state. It stands at one state of one flow.
 *
 * @param parentId 0 for the root
 * @param index number of the branch or item
 * @param epoch grows whenever the frame begins to wait
 * @param lastEventId the latest event of this thread, the previousEventId of the next
 * @param enteredEventId the event by which the current state was entered
 * @param retryCount retries of the current state visit, over all retriers
 * @param retrierCounts retries by retrier; empty: none yet
 * @param awaits what the frame waits for
 */
public record Frame(
    long id,
    long parentId,
    int index,
    int epoch,
    String flow,
    String state,
    long lastEventId,
    long enteredEventId,
    long enteredMillis,
    boolean hasVariables,
    int retryCount,
    List<Integer> retrierCounts,
    Awaits awaits) {}
