/**
 * Who calls, and what they may: AWS's signatures, API keys, sessions of the console and calls from
 * node to node on the one side, policies that read like IAM's on the other.
 *
 * <p>Nothing here knows a route. Invariants: what isn't allowed is refused; secrets are compared in
 * constant time, and are in no message.
 */
@NullMarked
package io.stepstream.coordinator.access;

import org.jspecify.annotations.NullMarked;
