/**
 * Clients that nobody here wrote, against a whole stack: AWS's SDK for Java with every action, and
 * races between calls.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.sdk;
