/**
 * Answers to callers, and when they may leave: a caller of the Standard lane hears nothing that a
 * crash could still undo, so replies wait for the commit of the transaction that decided them.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.reply;
