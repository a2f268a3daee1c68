/** Holds {@code asyncapi.yaml} against what is on the topics. */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.asyncapi;
