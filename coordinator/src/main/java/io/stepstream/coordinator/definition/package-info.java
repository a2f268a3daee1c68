/**
 * State machines: what is defined, and how a definition gets defined.
 *
 * <p>The compacted topic of definitions is the only truth. Every node reads all of it into a {@link
 * io.stepstream.coordinator.definition.DefinitionCatalogue}; both lanes and the API look machines
 * up there. A revision never changes, so an execution that is pinned to one runs the same
 * definition for a year. Changes are written by one node at a time, in a transaction that fences
 * every other writer, so that the decision "this name is free" still holds when it is committed.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.definition;
