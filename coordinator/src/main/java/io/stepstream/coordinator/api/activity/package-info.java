/** The actions on activities themselves; their tasks are elsewhere. */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.api.activity;
