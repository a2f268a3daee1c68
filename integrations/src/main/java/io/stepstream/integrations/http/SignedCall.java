package io.stepstream.integrations.http;

import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A call with AWS's signature, by the SDK's signer. */
final class SignedCall {

  private SignedCall() {}

  /**
   * Signed are method, URL, body and host. The URL of the result is written as the signature has
   * it: a blank in the query is {@code %20} there and no plus.
   */
  static HttpCall of(HttpCall call, AwsCredentialsIdentity identity, String region) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(call.method()))
            .uri(call.endpoint())
            .build();
    byte @Nullable [] content = call.content();
    SignRequest.Builder<AwsCredentialsIdentity> signing =
        SignRequest.builder(identity)
            .request(request)
            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "execute-api")
            .putProperty(AwsV4HttpSigner.REGION_NAME, region);
    if (content != null) {
      signing.payload(() -> new ByteArrayInputStream(content));
    }
    SdkHttpRequest signed = AwsV4HttpSigner.create().sign(signing.build()).request();
    Map<String, String> headers = new LinkedHashMap<>();
    signed.forEachHeader(
        (name, values) -> {
          // The client says it itself.
          if (!name.equalsIgnoreCase("Host")) {
            headers.put(name, String.join(",", values));
          }
        });
    return call.at(request.getUri()).with(headers);
  }
}
