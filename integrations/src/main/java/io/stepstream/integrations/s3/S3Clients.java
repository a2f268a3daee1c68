package io.stepstream.integrations.s3;

import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Clients of S3, or of a server that speaks its protocol, as the environment says. */
final class S3Clients {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Between two bytes of an answer. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** Up to the first byte of an answer. */
  private static final Duration CALL = Duration.ofMinutes(1);

  private S3Clients() {}

  /** AWS's own names, in the order in which its SDK looks at them. */
  static @Nullable URI endpoint(
      UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
    String given = properties.apply("aws.endpointUrlS3");
    given = given == null ? environment.apply("AWS_ENDPOINT_URL_S3") : given;
    given = given == null ? properties.apply("aws.endpointUrl") : given;
    given = given == null ? environment.apply("AWS_ENDPOINT_URL") : given;
    return given == null || given.isBlank() ? null : URI.create(given.strip());
  }

  /**
   * @param endpoint null: AWS's own
   */
  static S3Client create(@Nullable URI endpoint) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE))
            .overrideConfiguration(
                override ->
                    override
                        .apiCallTimeout(CALL)
                        // The handlers try again, and their tests wait for no clock.
                        .retryStrategy(AwsRetryStrategy.doNotRetry()));
    if (endpoint != null) {
      // Other servers have no name for each bucket, and often no checksums of AWS's kind.
      builder
          .endpointOverride(endpoint)
          .forcePathStyle(true)
          .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
          .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
          .region(region())
          .credentialsProvider(
              AwsCredentialsProviderChain.of(
                  DefaultCredentialsProvider.builder().build(),
                  StaticCredentialsProvider.create(
                      AwsBasicCredentials.create("anonymous", "anonymous"))));
    }
    return builder.build();
  }

  private static Region region() {
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkClientException e) {
      return Region.US_EAST_1; // a server that is not AWS's has none
    }
  }
}
