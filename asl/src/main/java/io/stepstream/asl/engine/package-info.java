/**
 * The functional core: {@code step(machine, view, event, context) -> Decision}.
 *
 * <p>Invariants. A step reads rows through {@link io.stepstream.asl.engine.ExecutionView} and
 * returns effects; it changes nothing itself, so a shell can compute first and apply after, and a
 * crash in between loses nothing. It is total: what a user can cause ends in a transition, an
 * execution that fails, or a {@link io.stepstream.asl.engine.Rejection}, never in an exception. It
 * asks no clock and draws no random number. It is bounded by {@link
 * io.stepstream.asl.engine.Limits}: what doesn't fit goes on in a further step.
 *
 * <p>An execution is a tree of {@link io.stepstream.asl.engine.Frame frames}, each one thread of
 * control. Whenever a frame begins to wait its epoch grows; timers and task results carry the epoch
 * and are ignored when it is another. That single rule gives cancellation, de-duplication, refusal
 * of late results, and timers that need not be deleted.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.asl.engine;
