package io.stepstream.integrations.s3;

import io.stepstream.integrations.aws.AwsAccess;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Clients of S3, or of a server that speaks its protocol, as the environment says. */
final class S3Clients {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Between two bytes of an answer. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** Up to the first byte of an answer. */
  private static final Duration CALL = Duration.ofMinutes(1);

  /** More than a worker's tasks and the sources that stay open between them by default. */
  private static final int CONNECTIONS = 512;

  private S3Clients() {}

  /**
   * @param endpoint null: AWS's own
   */
  static S3Client create(@Nullable URI endpoint) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .socketTimeout(SILENCE)
                    .maxConnections(CONNECTIONS))
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
          .region(AwsAccess.anyRegion())
          .credentialsProvider(AwsAccess.anyCredentials());
    }
    return builder.build();
  }
}
