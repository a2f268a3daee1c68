package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.api.ApiFixture.Result;
import io.stepstream.coordinator.sealing.TestSeals;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** encryptionConfiguration of machines and activities. */
final class EncryptionTest {

  private static final String ROLE = "arn:aws:iam::111111111111:role/r";
  private static final String PASS =
      "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Pass\",\"End\":true}}}";
  private static final Map<String, Object> ORDERS =
      Map.of(
          "type",
          "CUSTOMER_MANAGED_KMS_KEY",
          "kmsKeyId",
          "orders",
          "kmsDataKeyReusePeriodSeconds",
          60);

  private final TestSeals keys = new TestSeals();
  private final ApiFixture api = new ApiFixture(keys.keys);

  private Result create(String name, Object encryption) {
    return api.call(
        "CreateStateMachine",
        "name",
        name,
        "roleArn",
        ROLE,
        "definition",
        PASS,
        "encryptionConfiguration",
        encryption);
  }

  @Test
  void shouldDescribeAndUpdateAMachinesKey() {
    String machine = create("m", ORDERS).text("stateMachineArn");
    assertThat(create("m", ORDERS).status()).as("idempotent").isEqualTo(200);
    assertThat(create("m", Map.of("type", "AWS_OWNED_KEY")).error())
        .isEqualTo("StateMachineAlreadyExists");

    Result described = api.call("DescribeStateMachine", "stateMachineArn", machine);
    assertThat(described.body().at("/encryptionConfiguration/kmsKeyId").asText())
        .isEqualTo("orders");
    assertThat(described.body().at("/encryptionConfiguration/kmsDataKeyReusePeriodSeconds").asInt())
        .isEqualTo(60);

    Result updated =
        api.call(
            "UpdateStateMachine",
            "stateMachineArn",
            machine,
            "encryptionConfiguration",
            Map.of("type", "AWS_OWNED_KEY"));
    assertThat(updated.status()).isEqualTo(200);
    assertThat(updated.text("revisionId")).isNotEmpty();
    assertThat(
            api.call("DescribeStateMachine", "stateMachineArn", machine)
                .body()
                .at("/encryptionConfiguration")
                .toString())
        .isEqualTo("{\"type\":\"AWS_OWNED_KEY\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"CUSTOMER_MANAGED_KMS_KEY\"} | InvalidEncryptionConfiguration | kmsKeyId is"
            + " required",
        "{\"type\":\"AWS_OWNED_KEY\",\"kmsKeyId\":\"orders\"} | InvalidEncryptionConfiguration |"
            + " CUSTOMER_MANAGED_KMS_KEY only",
        "{\"type\":\"CUSTOMER_MANAGED_KMS_KEY\",\"kmsKeyId\":\"gone\"} | KmsAccessDeniedException |"
            + " The key 'gone' is not available: it was taken away",
      })
  void shouldRefuseKeysThatCannotBe(String configuration, String error, String message)
      throws Exception {
    keys.take("gone");
    Object encryption = new ObjectMapper().readValue(configuration, Map.class);

    for (Result refused :
        new Result[] {
          create("m", encryption),
          api.call("CreateActivity", "name", "a", "encryptionConfiguration", encryption)
        }) {
      assertThat(refused.error()).isEqualTo(error);
      assertThat(refused.message()).contains(message);
    }
    assertThat(api.call("ListStateMachines").body().at("/stateMachines").isEmpty()).isTrue();
  }

  @Test
  void shouldKeepWhatTheActivityNames() {
    String activity =
        api.call("CreateActivity", "name", "a", "encryptionConfiguration", ORDERS)
            .text("activityArn");

    assertThat(
            api.call("DescribeActivity", "activityArn", activity)
                .body()
                .at("/encryptionConfiguration/kmsKeyId")
                .asText())
        .isEqualTo("orders");
  }
}
