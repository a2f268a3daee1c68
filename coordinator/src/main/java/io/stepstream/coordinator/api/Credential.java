package io.stepstream.coordinator.api;

import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.Refusals;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who claims to have signed a request (Signature Version 4). The signature is not verified here:
 * the gate has done so, or none is configured and whoever reaches the port is trusted, as with
 * AWS's own Step Functions Local.
 *
 * @param accessKeyId {@code anonymous} for a request that isn't signed
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html">
 *     Authorization header</a>
 */
record Credential(String accessKeyId) {

  private static final Credential ANONYMOUS = new Credential("anonymous");
  private static final Pattern SCOPE =
      Pattern.compile("Credential=([^/,\\s]+)/\\d{8}/[^/,\\s]+/[^/,\\s]+/aws4_request");

  static Checked<Credential> of(@Nullable String authorization) {
    if (authorization == null || !authorization.startsWith("AWS4-HMAC-SHA256")) {
      return new Valid<>(ANONYMOUS);
    }
    Matcher scope = SCOPE.matcher(authorization);
    return scope.find()
        ? new Valid<>(new Credential(scope.group(1)))
        : new Invalid<>(
            Refusals.incompleteSignature(
                "Authorization header requires 'Credential' of the form"
                    + " <access key>/<date>/<region>/states/aws4_request"));
  }
}
