/**
 * What workers outside of the queues call: answers by task tokens, and tasks of activities.
 *
 * <p>A token that was not signed here gets no further than this package.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.api.task;
