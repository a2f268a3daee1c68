/**
 * The worker: takes task orders from Kafka, runs the handlers, and sends the results to where the
 * orders say.
 *
 * <p>{@link io.stepstream.worker.StepstreamWorker} is the entry. What holds everywhere:
 *
 * <ul>
 *   <li>An order is settled with the broker only after the broker has acknowledged its result: a
 *       crash between the two repeats the task, it never loses it.
 *   <li>An order is released only if its task never started, or its result could not be published.
 *       Retry is the coordinator's: a failed task is a published result.
 *   <li>No thread of a Kafka client runs a handler or waits for one.
 *   <li>Handlers run under a bounded number of permits; when none is free nothing is acquired, so
 *       that the backlog stays in Kafka.
 * </ul>
 */
@NullMarked
package io.stepstream.worker;

import org.jspecify.annotations.NullMarked;
