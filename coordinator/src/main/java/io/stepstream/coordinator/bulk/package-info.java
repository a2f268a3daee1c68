/**
 * Stops and redrives of many executions, as operations that outlive who asked for them.
 *
 * <p>An operation and its progress are records on a compacted topic, which every node reads. The
 * node that has the first partition of the Standard lane carries operations out, one after the
 * other; who takes it over goes on behind the last progress that was written. What is done twice
 * then changes nothing: a stop finds the execution stopped, a redrive carries the operation's token
 * and is passed over where the execution has been redriven since.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.bulk;
