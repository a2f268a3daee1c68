/** The actions on tags. */
@org.jspecify.annotations.NullMarked
package io.stepstream.coordinator.api.tag;
