package io.stepstream.coordinator.access;

import io.stepstream.coordinator.access.Authentication.Known;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Calls that one node hands on to another (ADR 0027): a caller's own signature is for the host that
 * it has called, so the node says who calls, and signs that with the call. Immutable.
 *
 * <pre>
 * X-Stepstream-Node: base64url(caller as JSON) . milliseconds of the epoch . MAC
 * </pre>
 */
public final class NodeCalls {

  public static final String HEADER = "X-Stepstream-Node";

  static final String PURPOSE = "stepstream node call";

  /** How far the clocks of nodes may be apart, and how long the call may take. */
  static final Duration VALID = Duration.ofSeconds(60);

  private final NodeKeys keys;
  private final InstantSource clock;

  NodeCalls(NodeKeys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** The value of the header for a call that this node has let in. */
  public String sign(Caller caller, @Nullable String target, byte[] body) {
    String claim = CallerText.write(caller) + '.' + clock.millis();
    return claim + '.' + keys.sign(signed(claim, target, body));
  }

  Authentication verify(String header, @Nullable String target, byte[] body) {
    int end = header.lastIndexOf('.');
    int middle = header.lastIndexOf('.', end - 1);
    if (middle < 0) {
      return Authentication.unrecognized();
    }
    String claim = header.substring(0, end);
    if (!keys.isSignatureOf(signed(claim, target, body), header.substring(end + 1))) {
      return Authentication.unrecognized();
    }
    // From here on it is what a node has written.
    Instant at = Instant.ofEpochMilli(Long.parseLong(claim.substring(middle + 1)));
    if (Duration.between(at, clock.instant()).abs().compareTo(VALID) > 0) {
      return Authentication.invalidSignature(
          "The call of another node is older or younger than 60 s: do the nodes' clocks agree?");
    }
    return new Known(CallerText.read(claim.substring(0, middle)));
  }

  private static String signed(String claim, @Nullable String target, byte[] body) {
    return claim + '\n' + (target == null ? "" : target) + '\n' + Hmac.hex(Hmac.sha256(body));
  }
}
