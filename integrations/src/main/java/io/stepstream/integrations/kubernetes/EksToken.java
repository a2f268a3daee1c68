package io.stepstream.integrations.kubernetes;

import io.stepstream.integrations.aws.AwsAccess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;

/**
 * What authorises a call of an EKS cluster: a signed question to STS of who asks, for this cluster
 * only, which the cluster asks in our place.
 */
final class EksToken {

  private static final String PREFIX = "k8s-aws-v1.";

  /** By it the signature is for one cluster. */
  private static final String CLUSTER = "x-k8s-aws-id";

  /** EKS takes no longer ones. */
  private static final Duration VALID = Duration.ofSeconds(60);

  private EksToken() {}

  /**
   * @throws software.amazon.awssdk.core.exception.SdkClientException no region is known
   */
  static String of(String cluster, AwsCredentialsIdentity identity) {
    Region region = AwsAccess.regionOfTheSdk();
    SdkHttpRequest question =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.GET)
            .protocol("https")
            .host(ServiceMetadata.of("sts").endpointFor(region).toString())
            .encodedPath("/")
            .putRawQueryParameter("Action", "GetCallerIdentity")
            .putRawQueryParameter("Version", "2011-06-15")
            .putHeader(CLUSTER, cluster)
            .build();
    SdkHttpRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                request ->
                    request
                        .identity(identity)
                        .request(question)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "sts")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region.id())
                        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, VALID))
            .request();
    byte[] url = signed.getUri().toString().getBytes(StandardCharsets.UTF_8);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(url);
  }
}
