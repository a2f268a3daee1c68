/** The actions on executions, and how their histories look in AWS's JSON. */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.api.execution;
