/** Tests of the dead letters on a real broker. */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.deadletter;
