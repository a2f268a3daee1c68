/**
 * The dead letters as operators see them: what could not be read or carried out, and what became of
 * it.
 *
 * <p>Letters are never changed. That one was redriven or discarded is a record on a topic of its
 * own, written under one transactional id for all nodes, so that a letter is redriven once whoever
 * is asked how often (ADR 0043).
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.deadletter;
