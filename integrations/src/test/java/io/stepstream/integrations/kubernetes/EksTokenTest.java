package io.stepstream.integrations.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.integrations.aws.AwsSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

final class EksTokenTest {

  @Test
  void shouldBeASignedQuestionForOneClusterAndAMinute() {
    try (AwsSettings _ = new AwsSettings(URI.create("http://127.0.0.1:9"))) {
      String token = EksToken.of("prod", AwsSessionCredentials.create("AKID", "secret", "session"));

      assertThat(token).startsWith("k8s-aws-v1.").doesNotContain("=");
      URI url =
          URI.create(
              new String(
                  Base64.getUrlDecoder().decode(token.substring("k8s-aws-v1.".length())),
                  StandardCharsets.UTF_8));
      // Whatever endpoint the worker has for STS: clusters take AWS's only.
      assertThat(url.getScheme() + "://" + url.getHost() + url.getPath())
          .isEqualTo("https://sts.us-east-1.amazonaws.com/");
      List<String> query = Arrays.asList(url.getRawQuery().split("&"));
      assertThat(query)
          .contains(
              "Action=GetCallerIdentity",
              "Version=2011-06-15",
              "X-Amz-Algorithm=AWS4-HMAC-SHA256",
              "X-Amz-Expires=60",
              "X-Amz-Security-Token=session",
              "X-Amz-SignedHeaders=host%3Bx-k8s-aws-id")
          .anyMatch(each -> each.matches("X-Amz-Signature=[0-9a-f]{64}"))
          .anyMatch(
              each -> each.matches("X-Amz-Credential=AKID%2F.*%2Fus-east-1%2Fsts%2Faws4_request"));
      assertThat(url.toString()).doesNotContain("secret");
    }
  }
}
