package io.stepstream.coordinator.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.access.Authentication.Known;
import io.stepstream.coordinator.access.Authentication.Refused;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** What AWS's own signer signs, and what becomes of it on the way. */
class SignatureV4Test {

  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final String BODY = "{\"stateMachineArn\":\"arn:aws:states:::stateMachine:ä\"}";

  /** Of the characters that AWS's have. */
  private static final String TOKEN = "FwoGZXIvYXdzEBYaD/+session==";

  private AccessKeys keys;
  private @Nullable AwsCredentialsIdentity identity;
  private Instant signedAt = NOW;
  private String secret = SECRET;
  private String service = "states";

  @BeforeEach
  void readKeys() throws Exception {
    keys =
        AccessKeys.of(
            new ObjectMapper()
                .readTree(
                    "{\"accessKeys\":[{\"accessKeyId\":\"AKIDEXAMPLE\",\"secretAccessKey\":\"%s\",\"user\":\"ada\",\"groups\":[\"ops\"]},{\"accessKeyId\":\"ASIAEXAMPLE\",\"secretAccessKey\":\"%s\",\"sessionToken\":\"%s\",\"expires\":\"2026-03-04T06:00:00Z\",\"user\":\"ada\"}]}"
                        .formatted(SECRET, SECRET, TOKEN)),
            "111111111111");
  }

  @Test
  void shouldKnowWhoHasSigned() {
    assertThat(verify(signed("http://localhost:8333/")))
        .isEqualTo(
            new Known(
                new Caller(
                    Caller.Kind.ACCESS_KEY,
                    "arn:aws:iam::111111111111:user/ada",
                    "ada",
                    Set.of("ops"),
                    "AKIDEXAMPLE")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://sync-states.example.org/",
        "http://127.0.0.1:8333/api/executions?machine=arn%3Aaws%3Astates&q=a+b&q=a%2Bb&q=%C3%A4*~",
        "http://127.0.0.1:8333/api/executions/arn%3Aaws%3Astates%3A%3A1%3Aexecution%3Am%2Fl%3Ae/events",
        "http://127.0.0.1:8333/api/queues/a-b_c.d~e",
        "http://127.0.0.1:8333/api/info?empty=&flag",
      })
  void shouldFollowTheSignersRulesForPathsAndQueries(String uri) {
    assertThat(verify(signed(uri))).as(uri).isInstanceOf(Known.class);
  }

  @Test
  void shouldTakeHeadersAsTheySaySpacesAside() {
    SignedRequest request = signed("http://localhost/");

    assertThat(verify(edited(request, "x-amz-target", "  AWSStepFunctions.StartExecution ")))
        .isInstanceOf(Known.class);
  }

  @Test
  void shouldRefuseAnUnknownKeyInAwsWords() {
    SignedRequest request = signed("http://localhost/");

    assertThat(
            verify(
                edited(
                    request,
                    "authorization",
                    request.header("authorization").replace("AKIDEXAMPLE", "AKIDNOBODY"))))
        .isEqualTo(
            new Refused(
                "UnrecognizedClientException",
                "The security token included in the request is invalid."));
  }

  @Test
  void shouldRefuseWhatSomebodyElseHasSigned() {
    secret = SECRET + "x";

    assertThat(refusal(signed("http://localhost/")))
        .startsWith(
            "InvalidSignatureException: The request signature we calculated does not match");
  }

  @Test
  void shouldRefuseWhatWasChangedOnTheWay() {
    SignedRequest request = signed("http://localhost/?a=1");
    String invalid = "InvalidSignatureException: ";

    assertThat(refusal(copy(request, "PUT", request.path(), request.query(), request.body())))
        .startsWith(invalid);
    assertThat(refusal(copy(request, "POST", "/api/info", request.query(), request.body())))
        .startsWith(invalid);
    assertThat(refusal(copy(request, "POST", "/", "a=2", request.body()))).startsWith(invalid);
    assertThat(refusal(copy(request, "POST", "/", "a=1&a=1", request.body()))).startsWith(invalid);
    assertThat(refusal(copy(request, "POST", "/", "a=1", BODY.replace("ä", "b").getBytes(UTF_8))))
        .startsWith(invalid);
    assertThat(refusal(edited(request, "host", "other"))).startsWith(invalid);
    assertThat(refusal(edited(request, "x-amz-target", "AWSStepFunctions.DeleteStateMachine")))
        .startsWith(invalid);
    assertThat(refusal(added(request, "x-amz-target", "AWSStepFunctions.DeleteStateMachine")))
        .startsWith(invalid);
  }

  @Test
  void shouldInsistThatAllOfAwsHeadersAreSigned() {
    SignedRequest request = signed("http://localhost/");

    assertThat(refusal(added(request, "x-amz-evil", "1")))
        .isEqualTo(
            "InvalidSignatureException: 'x-amz-evil' must be a 'SignedHeader' in the AWS"
                + " Authorization.");
    assertThat(refusal(authorization(request, a -> a.replace("host;", ""))))
        .contains("'host' must be a 'SignedHeader'");
  }

  @ParameterizedTest
  @CsvSource({
    "UNSIGNED-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  })
  void shouldHashTheBodyItselfWhateverTheHeaderSays(String claimed) {
    SignedRequest request = signed("http://localhost/");
    SignedRequest lying = edited(request, "x-amz-content-sha256", claimed);
    if (lying.header("x-amz-content-sha256") == null) {
      lying =
          authorization(
              added(request, "x-amz-content-sha256", claimed),
              a -> a.replace(";x-amz-date", ";x-amz-content-sha256;x-amz-date"));
    }

    assertThat(refusal(lying)).startsWith("InvalidSignatureException: The header x-amz-content");
  }

  @ParameterizedTest
  @CsvSource({"-301,Signature expired", "301,Signature not yet current"})
  void shouldRefuseSignaturesOfAnotherTime(long seconds, String message) {
    signedAt = NOW.plusSeconds(seconds);

    assertThat(refusal(signed("http://localhost/")))
        .startsWith("InvalidSignatureException: " + message);
  }

  @ParameterizedTest
  @ValueSource(longs = {-300, 300})
  void shouldBearClocksThatAreFiveMinutesApart(long seconds) {
    signedAt = NOW.plusSeconds(seconds);

    assertThat(verify(signed("http://localhost/"))).isInstanceOf(Known.class);
  }

  @Test
  void shouldRefuseAReplayBehindTheWindow() {
    SignedRequest request = signed("http://localhost/");

    assertThat(
            SignatureV4.verify(
                request,
                request.header("authorization"),
                keys,
                NOW.plus(SignatureV4.SKEW).plus(Duration.ofSeconds(1))))
        .isInstanceOf(Refused.class);
  }

  @Test
  void shouldRefuseOtherServicesSignaturesAndTokensThatNobodyHasSigned() {
    service = "s3";
    assertThat(refusal(signed("http://localhost/")))
        .isEqualTo(
            "InvalidSignatureException: Credential should be scoped to correct service: 'states'.");

    service = "states";
    assertThat(refusal(added(signed("http://localhost/"), "x-amz-security-token", "t")))
        .isEqualTo(
            "InvalidSignatureException: 'x-amz-security-token' must be a 'SignedHeader' in the AWS"
                + " Authorization.");
  }

  @Test
  void shouldTakeTemporaryCredentialsUntilTheyEnd() {
    identity = AwsSessionCredentialsIdentity.create("ASIAEXAMPLE", SECRET, TOKEN);
    assertThat(verify(signed("http://localhost/")))
        .isInstanceOfSatisfying(
            Known.class, known -> assertThat(known.caller().name()).isEqualTo("ada"));

    signedAt = Instant.parse("2026-03-04T06:00:00Z");
    SignedRequest late = signed("http://localhost/");
    assertThat(SignatureV4.verify(late, late.header("authorization"), keys, signedAt))
        .isEqualTo(
            new Refused(
                "ExpiredTokenException", "The security token included in the request is expired"));
    assertThat(
            SignatureV4.verify(late, late.header("authorization"), keys, signedAt.minusMillis(1)))
        .isInstanceOf(Known.class);
  }

  @Test
  void shouldRefuseSessionTokensThatAreMissingOrOfAnotherKey() {
    String unrecognized =
        "UnrecognizedClientException: The security token included in the request is invalid.";

    identity = AwsSessionCredentialsIdentity.create("ASIAEXAMPLE", SECRET, TOKEN + "x");
    assertThat(refusal(signed("http://localhost/"))).isEqualTo(unrecognized);
    identity = AwsCredentialsIdentity.create("ASIAEXAMPLE", SECRET);
    assertThat(refusal(signed("http://localhost/"))).isEqualTo(unrecognized);
    identity = AwsSessionCredentialsIdentity.create("AKIDEXAMPLE", SECRET, TOKEN);
    assertThat(refusal(signed("http://localhost/"))).isEqualTo(unrecognized);
    identity = AwsSessionCredentialsIdentity.create("ASIAEXAMPLE", SECRET + "x", TOKEN);
    assertThat(refusal(signed("http://localhost/")))
        .startsWith("InvalidSignatureException: The request signature we calculated");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260304/us-east-1/states/aws4_request,"
            + " Signature=0",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260304/us-east-1/states/aws4_request,"
            + " SignedHeaders=host",
        "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 nonsense",
      })
  void shouldSayWhatASignatureNeeds(String authorization) {
    assertThat(refusal(edited(signed("http://localhost/"), "authorization", authorization)))
        .startsWith("IncompleteSignatureException: Authorization header requires 'Credential'");
  }

  @Test
  void shouldRefuseDatesThatContradictOrAreNone() {
    SignedRequest request = signed("http://localhost/");

    assertThat(refusal(edited(request, "x-amz-date", "20260305T050607Z")))
        .contains("Date in Credential scope does not match");
    assertThat(refusal(edited(request, "x-amz-date", "20260304Tnoon")))
        .startsWith("IncompleteSignatureException: Date must be");
    assertThat(refusal(without(request, "x-amz-date")))
        .startsWith("IncompleteSignatureException: Authorization header requires existence");
  }

  // ------------------------------------------------------------------ requests

  private Authentication verify(SignedRequest request) {
    return SignatureV4.verify(request, request.header("authorization"), keys, NOW);
  }

  private String refusal(SignedRequest request) {
    assertThat(verify(request)).isInstanceOf(Refused.class);
    Refused refused = (Refused) verify(request);
    return refused.code() + ": " + refused.message();
  }

  private AwsCredentialsIdentity key() {
    return AwsCredentialsIdentity.create("AKIDEXAMPLE", secret);
  }

  private SignedRequest signed(String uri) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .uri(URI.create(uri))
            .method(SdkHttpMethod.POST)
            .putHeader("X-Amz-Target", "AWSStepFunctions.StartExecution")
            .putHeader("Content-Type", "application/x-amz-json-1.0")
            .build();
    SdkHttpRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                r ->
                    r.identity(identity == null ? key() : identity)
                        .request(request)
                        .payload(ContentStreamProvider.fromUtf8String(BODY))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(
                            HttpSigner.SIGNING_CLOCK, Clock.fixed(signedAt, ZoneOffset.UTC)))
            .request();
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    signed.forEachHeader(
        (name, values) ->
            values.forEach(value -> headers.add(Map.entry(name.toLowerCase(Locale.ROOT), value))));
    return new SignedRequest(
        "POST",
        signed.encodedPath(),
        signed.encodedQueryParameters().orElse(null),
        headers,
        BODY.getBytes(UTF_8));
  }

  private static SignedRequest copy(
      SignedRequest request, String method, String path, String query, byte[] body) {
    return new SignedRequest(method, path, query, request.headers(), body);
  }

  private static SignedRequest headers(
      SignedRequest request, List<Map.Entry<String, String>> headers) {
    return new SignedRequest(
        request.method(), request.path(), request.query(), headers, request.body());
  }

  private static SignedRequest edited(SignedRequest request, String name, String value) {
    return headers(
        request,
        request.headers().stream()
            .map(h -> h.getKey().equals(name) ? Map.entry(name, value) : h)
            .toList());
  }

  private static SignedRequest without(SignedRequest request, String name) {
    return headers(
        request, request.headers().stream().filter(h -> !h.getKey().equals(name)).toList());
  }

  private static SignedRequest added(SignedRequest request, String name, String value) {
    List<Map.Entry<String, String>> headers = new ArrayList<>(request.headers());
    headers.add(Map.entry(name, value));
    return headers(request, headers);
  }

  private static SignedRequest authorization(SignedRequest request, UnaryOperator<String> change) {
    return edited(request, "authorization", change.apply(request.header("authorization")));
  }
}
