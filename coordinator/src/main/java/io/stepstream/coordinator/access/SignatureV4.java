package io.stepstream.coordinator.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.coordinator.access.Authentication.Known;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verifies AWS's Signature Version 4 in the header {@code Authorization}. The signature covers
 * method, path, query, the headers that it names, which must be host and all of {@code x-amz-}, and
 * the body, whose hash is taken here whatever a header says of it.
 *
 * <p>A request that somebody has overheard can be sent again for as long as its date is near:
 * signatures are no substitute for TLS. Immutable.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">
 *     Create a signed AWS API request</a>
 */
final class SignatureV4 {

  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  /** How far the clocks of client and node may be apart, as with AWS. */
  static final Duration SKEW = Duration.ofMinutes(5);

  private static final String SERVICE = "states";
  private static final Pattern PART =
      Pattern.compile("(Credential|SignedHeaders|Signature)=(\\S+)");
  private static final Pattern SCOPE =
      Pattern.compile("([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private SignatureV4() {}

  static boolean isClaimedBy(String authorization) {
    return authorization.startsWith(ALGORITHM);
  }

  static Authentication verify(
      SignedRequest request, String authorization, AccessKeys keys, Instant now) {
    Map<String, String> parts = new HashMap<>();
    for (String part : authorization.substring(ALGORITHM.length()).strip().split(",")) {
      Matcher named = PART.matcher(part.strip());
      if (!named.matches() || parts.put(named.group(1), named.group(2)) != null) {
        return incomplete();
      }
    }
    Matcher scope = SCOPE.matcher(parts.getOrDefault("Credential", ""));
    String signedHeaders = parts.get("SignedHeaders");
    String signature = parts.get("Signature");
    String date = request.header("x-amz-date");
    if (!scope.matches() || signedHeaders == null || signature == null) {
      return incomplete();
    }
    if (date == null) {
      return Authentication.incomplete(
          "Authorization header requires existence of a 'X-Amz-Date' header.");
    }
    Authentication refused = refused(request, scope, date, signedHeaders, now);
    if (refused != null) {
      return refused;
    }
    AccessKeys.Key key = keys.find(scope.group(1));
    if (key == null || !key.isSession(request.header("x-amz-security-token"))) {
      return Authentication.unrecognized();
    }
    String expected = signature(request, key.secret(), scope, date, signedHeaders);
    if (!Hmac.same(expected, signature)) {
      return Authentication.invalidSignature(
          "The request signature we calculated does not match the signature you provided. Check"
              + " your AWS Secret Access Key and signing method. Consult the service"
              + " documentation for details.");
    }
    // Last: who can't sign need not learn that there was such a key.
    return key.isExpiredAt(now) ? Authentication.expired() : new Known(key.caller());
  }

  private static Authentication incomplete() {
    return Authentication.incomplete(
        "Authorization header requires 'Credential' parameter, 'Signature' parameter and"
            + " 'SignedHeaders' parameter, each once: "
            + ALGORITHM
            + " Credential=<access key>/<date>/<region>/states/aws4_request,"
            + " SignedHeaders=<headers>, Signature=<signature>");
  }

  /** What is wrong whoever has signed; null: nothing. */
  private static @Nullable Authentication refused(
      SignedRequest request, Matcher scope, String date, String signedHeaders, Instant now) {
    if (!scope.group(4).equals(SERVICE)) {
      return Authentication.invalidSignature(
          "Credential should be scoped to correct service: '" + SERVICE + "'.");
    }
    if (!date.startsWith(scope.group(2) + "T")) {
      return Authentication.invalidSignature(
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from"
              + " HTTP: '%s' != '%s'".formatted(scope.group(2), date));
    }
    String unsigned = unsigned(request, signedHeaders);
    if (unsigned != null) {
      return Authentication.invalidSignature(
          "'%s' must be a 'SignedHeader' in the AWS Authorization.".formatted(unsigned));
    }
    String claimed = request.header("x-amz-content-sha256");
    if (claimed != null && !claimed.equals(Hmac.hex(Hmac.sha256(request.body())))) {
      return Authentication.invalidSignature(
          "The header x-amz-content-sha256 is not the SHA-256 of the body; unsigned and streamed"
              + " payloads are not accepted.");
    }
    return skewed(date, now);
  }

  private static @Nullable Authentication skewed(String date, Instant now) {
    Instant signed;
    try {
      signed = TIME.parse(date, Instant::from);
    } catch (DateTimeParseException _) {
      return Authentication.incomplete(
          "Date must be in ISO-8601 'basic format'. Got '%s'.".formatted(date));
    }
    Instant earliest = now.minus(SKEW);
    Instant latest = now.plus(SKEW);
    if (signed.isBefore(earliest)) {
      return Authentication.invalidSignature(
          "Signature expired: %s is now earlier than %s (%s - 5 min.)"
              .formatted(date, TIME.format(earliest), TIME.format(now)));
    }
    if (signed.isAfter(latest)) {
      return Authentication.invalidSignature(
          "Signature not yet current: %s is still later than %s (%s + 5 min.)"
              .formatted(date, TIME.format(latest), TIME.format(now)));
    }
    return null;
  }

  /** A header that should have been signed: one that could be changed on the way. */
  private static @Nullable String unsigned(SignedRequest request, String signedHeaders) {
    List<String> signed = List.of(signedHeaders.split(";"));
    if (!signed.contains("host")) {
      return "host";
    }
    for (Map.Entry<String, String> header : request.headers()) {
      if (header.getKey().startsWith("x-amz-") && !signed.contains(header.getKey())) {
        return header.getKey();
      }
    }
    return null;
  }

  private static String signature(
      SignedRequest request, String secret, Matcher scope, String date, String signedHeaders) {
    String canonical =
        String.join(
            "\n",
            request.method(),
            path(request.path()),
            query(request.query()),
            headers(request, signedHeaders),
            signedHeaders,
            Hmac.hex(Hmac.sha256(request.body())));
    String day = scope.group(2);
    String region = scope.group(3);
    String toSign =
        String.join(
            "\n",
            ALGORITHM,
            date,
            String.join("/", day, region, SERVICE, "aws4_request"),
            Hmac.hex(Hmac.sha256(canonical.getBytes(UTF_8))));
    byte[] key = Hmac.of(("AWS4" + secret).getBytes(UTF_8), day);
    for (String part : List.of(region, SERVICE, "aws4_request")) {
      key = Hmac.of(key, part);
    }
    return Hmac.hex(Hmac.of(key, toSign));
  }

  /** Encoded a second time, as all services but S3 have it. */
  private static String path(String path) {
    StringBuilder canonical = new StringBuilder();
    for (String segment : path.split("/", -1)) {
      canonical
          .append(canonical.isEmpty() && segment.isEmpty() ? "" : encoded(segment))
          .append('/');
    }
    canonical.setLength(canonical.length() - 1);
    return canonical.toString();
  }

  private static String query(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return "";
    }
    List<String> pairs = new ArrayList<>();
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      pairs.add(encoded(decoded(name)) + '=' + encoded(decoded(value)));
    }
    pairs.sort(null);
    return String.join("&", pairs);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException _) {
      // Nobody signs that; as it is it matches no signature.
      return text;
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static String headers(SignedRequest request, String signedHeaders) {
    StringBuilder canonical = new StringBuilder();
    for (String name : new TreeSet<>(List.of(signedHeaders.split(";")))) {
      canonical
          .append(name)
          .append(':')
          .append(
              request.headers().stream()
                  .filter(header -> header.getKey().equals(name))
                  .map(header -> header.getValue().strip().replaceAll(" +", " "))
                  .collect(Collectors.joining(",")))
          .append('\n');
    }
    return canonical.toString();
  }
}
