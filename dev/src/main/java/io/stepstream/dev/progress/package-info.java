/**
 * Follows an execution by its history and shows it: a tree on a terminal, lines elsewhere.
 *
 * <p>Invariant: the display is a function of the history events alone; it decides nothing and a
 * history that it doesn't understand is shown flatter, never refused.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.progress;
