package io.stepstream.integrations.aws;

import io.stepstream.integrations.CallClock;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/** Makes clients of any service. They share connections and the clock that ends overdue calls. */
final class AwsClients implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Each call has its own deadline; a function of AWS Lambda may be silent for 15 minutes. */
  private static final Duration SILENCE = Duration.ofMinutes(16);

  /** More than a worker has permits by default. */
  private static final int CONNECTIONS = 512;

  private final SdkHttpClient http =
      Apache5HttpClient.builder()
          .connectionTimeout(CONNECT)
          .socketTimeout(SILENCE)
          .maxConnections(CONNECTIONS)
          .build();

  private final ScheduledThreadPoolExecutor clock = CallClock.start("stepstream-aws-clock");

  /**
   * @param type the interface of a module's blocking client
   * @throws SdkClientException no region is known, and the service's endpoint is AWS's
   */
  SdkClient create(Class<?> type) {
    Optional<Region> region = AwsAccess.region();
    AwsClientBuilder<?, ?> builder = builder(type);
    SdkClient client = (SdkClient) builder.region(region.orElse(Region.US_EAST_1)).build();
    if (client.serviceClientConfiguration().endpointOverride().isEmpty()) {
      if (region.isPresent()) {
        return client;
      }
      client.close();
      Region found = DefaultAwsRegionProviderChain.builder().build().getRegion();
      return (SdkClient) builder(type).region(found).build();
    }
    client.close();
    return elsewhere(type);
  }

  /** For a server that speaks the service's protocol. */
  private SdkClient elsewhere(Class<?> type) {
    AwsClientBuilder<?, ?> builder = builder(type);
    builder.region(AwsAccess.anyRegion()).credentialsProvider(AwsAccess.anyCredentials());
    // Such a server has no name for each bucket, and often no checksums of AWS's kind.
    set(type, builder, "forcePathStyle", Boolean.class, true);
    set(
        type,
        builder,
        "requestChecksumCalculation",
        RequestChecksumCalculation.class,
        RequestChecksumCalculation.WHEN_REQUIRED);
    set(
        type,
        builder,
        "responseChecksumValidation",
        ResponseChecksumValidation.class,
        ResponseChecksumValidation.WHEN_REQUIRED);
    return (SdkClient) builder.build();
  }

  private AwsClientBuilder<?, ?> builder(Class<?> type) {
    AwsClientBuilder<?, ?> builder;
    try {
      builder = (AwsClientBuilder<?, ?>) type.getMethod("builder").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every client of the SDK has a builder: " + type, e);
    }
    ((SdkSyncClientBuilder<?, ?>) builder).httpClient(http);
    builder.overrideConfiguration(
        override ->
            override.scheduledExecutorService(clock).retryStrategy(AwsRetryStrategy.doNotRetry()));
    return builder;
  }

  /** A setting that the clients of some services have. */
  private static <T> void set(
      Class<?> type, Object builder, String setting, Class<T> kind, T value) {
    try {
      type.getMethod("builder").getReturnType().getMethod(setting, kind).invoke(builder, value);
    } catch (NoSuchMethodException _) {
      // This service's has not.
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("%s of %s can't be set".formatted(setting, type), e);
    }
  }

  @Override
  public void close() {
    http.close();
    clock.shutdownNow();
  }
}
