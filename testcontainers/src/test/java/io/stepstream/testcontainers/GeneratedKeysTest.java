package io.stepstream.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether a node takes the files, {@code ImagesIT} shows. */
final class GeneratedKeysTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void shouldMakeOtherKeysEachTime() {
    GeneratedKeys one = GeneratedKeys.random();
    GeneratedKeys other = GeneratedKeys.random();

    assertThat(one.nodeKey()).hasSize(64).isNotEqualTo(other.nodeKey());
    assertThat(one.secretAccessKey()).isNotEqualTo(other.secretAccessKey());
    assertThat(one.apiKey())
        .matches("ssk_[a-z0-9]{12}_[A-Za-z0-9_-]{43}")
        .isNotEqualTo(other.apiKey());
  }

  @Test
  void shouldKeepNothingOfTheApiKeyButItsHash() throws IOException {
    GeneratedKeys keys =
        new GeneratedKeys("n", "SSAKTEST", "s", "ssk_abcdefghijkl_" + "x".repeat(43));

    String file = keys.files().get(GeneratedKeys.API_KEYS);

    assertThat(file).doesNotContain("xxx");
    JsonNode entry = JSON.readTree(file).at("/apiKeys/0");
    assertThat(entry.path("id").asText()).isEqualTo("abcdefghijkl");
    assertThat(entry.path("sha256").asText())
        .isEqualTo("6ba05bfc80d83beab3f0ec389e50b9644ee86f091984d3a7d052a84cc6450a41");
  }

  @Test
  void shouldAllowTheUserOfBothKeysAndTheRoleOfItsMachinesEverything() throws IOException {
    Map<String, String> files = GeneratedKeys.random().files();

    String user =
        JSON.readTree(files.get(GeneratedKeys.ACCESS_KEYS)).at("/accessKeys/0/user").asText();
    assertThat(JSON.readTree(files.get(GeneratedKeys.API_KEYS)).at("/apiKeys/0/user").asText())
        .isEqualTo(user);
    JsonNode policies = JSON.readTree(files.get(GeneratedKeys.POLICIES));
    for (JsonNode statements :
        new JsonNode[] {
          policies.path("users").path(user), policies.path("roles").path(Machine.ROLE)
        }) {
      assertThat(statements).hasSize(1);
      assertThat(statements.path(0).toString())
          .isEqualTo("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}");
    }
  }
}
