/**
 * What a user implements to serve tasks: {@link io.stepstream.worker.handler.TaskHandler}.
 *
 * <p>What runs elsewhere for long is told of by a {@link io.stepstream.worker.handler.JobHandler}.
 *
 * <p>JSON goes in, JSON comes out, and a task that fails says so by {@link
 * io.stepstream.worker.handler.TaskFailedException}. Nothing here knows Kafka, so a handler is
 * tested by calling it. Delivery is at least once: a handler may see the same order twice and must
 * bear it; {@link io.stepstream.worker.handler.TaskContext#idempotencyKey()} names the attempt.
 */
@NullMarked
package io.stepstream.worker.handler;

import org.jspecify.annotations.NullMarked;
