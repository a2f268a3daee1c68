/**
 * What the nodes are and do: which has which partition, how far behind it is. For people who look
 * at a cluster; nothing is decided by it.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.cluster;
