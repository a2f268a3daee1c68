package io.stepstream.integrations.aws;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;

/** What the surroundings of the process say about AWS, in AWS's own names. */
public final class AwsAccess {

  private AwsAccess() {}

  /**
   * The endpoint of a service, looked for in the order in which the SDK does.
   *
   * @param service its name in the settings, such as {@code S3}
   * @return null: AWS's own, or one that a profile names
   */
  public static @Nullable URI endpoint(
      String service,
      UnaryOperator<@Nullable String> properties,
      UnaryOperator<@Nullable String> environment) {
    String given = properties.apply("aws.endpointUrl" + service);
    given =
        given == null
            ? environment.apply("AWS_ENDPOINT_URL_" + service.toUpperCase(Locale.ROOT))
            : given;
    given = given == null ? properties.apply("aws.endpointUrl") : given;
    given = given == null ? environment.apply("AWS_ENDPOINT_URL") : given;
    return given == null || given.isBlank() ? null : URI.create(given.strip());
  }

  /** The region of the environment, the system properties or the profile. Asks no other machine. */
  static Optional<Region> region() {
    try {
      return Optional.of(
          new AwsRegionProviderChain(
                  new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
              .getRegion());
    } catch (SdkClientException _) {
      return Optional.empty();
    }
  }

  /**
   * The same, or that of the machine of AWS's that the worker is on.
   *
   * @throws SdkClientException none is known
   */
  public static Region regionOfTheSdk() {
    return region().orElseGet(() -> DefaultAwsRegionProviderChain.builder().build().getRegion());
  }

  /** A server that is not AWS's has no region, but the SDK signs for one. */
  public static Region anyRegion() {
    return region().orElse(Region.US_EAST_1);
  }

  /** A server that is not AWS's may not look at credentials, but the SDK wants some. */
  public static AwsCredentialsProvider anyCredentials() {
    return AwsCredentialsProviderChain.of(
        DefaultCredentialsProvider.builder().build(),
        StaticCredentialsProvider.create(AwsBasicCredentials.create("anonymous", "anonymous")));
  }
}
