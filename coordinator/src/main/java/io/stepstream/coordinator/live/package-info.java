/**
 * What Standard executions do, as it is committed, for whoever listens.
 *
 * <p>The indexer reads the whole history topic already and hands on what it reads, so listening
 * costs no further reading. Who comes back and was elsewhere meanwhile is read for by one thread
 * more, a slice at a time, until the two meet; then it listens like all others. Nobody who listens
 * can hold either thread up.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.live;
