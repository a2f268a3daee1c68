package io.stepstream.integrations.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AwsAccessTest {

  @Test
  void shouldTakeTheMostParticularEndpointThatIsGiven() {
    Map<String, String> environment =
        Map.of("AWS_ENDPOINT_URL", "http://any:1", "AWS_ENDPOINT_URL_S3", "http://s3:1");

    assertThat(
            AwsAccess.endpoint(
                "S3", Map.of("aws.endpointUrlS3", "http://p:1")::get, environment::get))
        .isEqualTo(URI.create("http://p:1"));
    assertThat(
            AwsAccess.endpoint(
                "S3", Map.of("aws.endpointUrl", "http://p:1")::get, environment::get))
        .isEqualTo(URI.create("http://s3:1"));
    assertThat(
            AwsAccess.endpoint(
                "S3",
                Map.<String, String>of()::get,
                Map.of("AWS_ENDPOINT_URL", "http://any:1")::get))
        .isEqualTo(URI.create("http://any:1"));
    assertThat(AwsAccess.endpoint("S3", _ -> null, _ -> null)).isNull();
  }
}
