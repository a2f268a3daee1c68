package io.stepstream.dev.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.dev.testkit.StepstreamProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ActivityDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.DescribeStateMachineAliasResponse;
import software.amazon.awssdk.services.sfn.model.DescribeStateMachineResponse;
import software.amazon.awssdk.services.sfn.model.LogLevel;
import software.amazon.awssdk.services.sfn.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sfn.model.RoutingConfigurationListItem;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.StateMachineStatus;
import software.amazon.awssdk.services.sfn.model.StateMachineType;
import software.amazon.awssdk.services.sfn.model.StateMachineVersionListItem;
import software.amazon.awssdk.services.sfn.model.Tag;
import software.amazon.awssdk.services.sfn.model.ValidateStateMachineDefinitionResultCode;

/**
 * The calls that Terraform's provider for AWS makes for {@code deploy/terraform}, in its order and
 * with its members, read from the provider's source ({@code internal/service/sfn}, 6.x). Terraform
 * itself isn't run: its provider comes from a registry that a build can't count on.
 */
final class TerraformCallsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Tag TEAM = Tag.builder().key("team").value("orders").build();

  @TempDir private static Path directory;
  private static StepstreamProcess dev;
  private static SfnClient sfn;

  @BeforeAll
  static void startTheStack() throws Exception {
    dev = StepstreamProcess.dev(directory, directory.resolve("data"));
    sfn = Sdk.client(dev.endpoint(), _ -> {});
  }

  @AfterAll
  static void stopTheStack() {
    sfn.close();
    dev.close();
  }

  @Test
  void shouldCreateReadUpdateAndDeleteAMachineWithItsAlias() throws Exception {
    String definition =
        Files.readString(
            Path.of(System.getProperty("stepstream.examples"))
                .resolve("order-fulfilment/machine.asl.json"));

    // plan: a definition that is new or changed is validated.
    assertThat(validate(definition)).isEqualTo(ValidateStateMachineDefinitionResultCode.OK);
    assertThat(validate("{\"StartAt\":\"Nowhere\",\"States\":{}}"))
        .isEqualTo(ValidateStateMachineDefinitionResultCode.FAIL);

    // apply
    String arn =
        sfn.createStateMachine(
                r ->
                    r.name("order-fulfilment")
                        .definition(definition)
                        .roleArn(Sdk.ROLE)
                        .publish(true)
                        .tags(TEAM)
                        .type(StateMachineType.STANDARD))
            .stateMachineArn();
    DescribeStateMachineResponse created = sfn.describeStateMachine(r -> r.stateMachineArn(arn));
    // Another text of the same meaning would be a change at the next plan, and at each after it.
    assertThat(created.definition()).isEqualTo(definition);
    assertThat(created.roleArn()).isEqualTo(Sdk.ROLE);
    assertThat(created.status()).isEqualTo(StateMachineStatus.ACTIVE);
    assertThat(created.type()).isEqualTo(StateMachineType.STANDARD);
    assertThat(created.loggingConfiguration().level()).isEqualTo(LogLevel.OFF);
    assertThat(created.tracingConfiguration().enabled()).isFalse();
    String first = latestVersion(arn);
    assertThat(sfn.listTagsForResource(r -> r.resourceArn(arn)).tags()).containsExactly(TEAM);

    String alias =
        sfn.createStateMachineAlias(
                r -> r.name("live").description("").routingConfiguration(route(first, 100)))
            .stateMachineAliasArn();
    DescribeStateMachineAliasResponse described =
        sfn.describeStateMachineAlias(r -> r.stateMachineAliasArn(alias));
    assertThat(described.name()).isEqualTo("live");
    assertThat(described.routingConfiguration()).containsExactly(route(first, 100));

    // A change: with an empty description of the version, and read until it is there.
    String changed = definition.replaceFirst("\"Comment\": *\"", "$0Changed. ");
    assertThat(changed).isNotEqualTo(definition);
    sfn.updateStateMachine(
        r ->
            r.stateMachineArn(arn)
                .definition(changed)
                .roleArn(Sdk.ROLE)
                .publish(true)
                .versionDescription(""));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> sfn.describeStateMachine(r -> r.stateMachineArn(arn)).definition(),
            changed::equals);
    String second = latestVersion(arn);
    assertThat(second).isNotEqualTo(first);
    sfn.updateStateMachineAlias(
        r -> r.stateMachineAliasArn(alias).routingConfiguration(route(second, 100)));
    assertThat(
            sfn.describeStateMachineAlias(r -> r.stateMachineAliasArn(alias))
                .routingConfiguration())
        .containsExactly(route(second, 100));

    // Tags have calls of their own, and the resource's id is what they name.
    sfn.untagResource(r -> r.resourceArn(arn).tagKeys("team"));
    Tag owner = Tag.builder().key("owner").value("ada").build();
    sfn.tagResource(r -> r.resourceArn(arn).tags(owner));
    assertThat(sfn.listTagsForResource(r -> r.resourceArn(arn)).tags()).containsExactly(owner);

    // destroy: what refers to others first.
    sfn.deleteStateMachineAlias(r -> r.stateMachineAliasArn(alias));
    assertThatThrownBy(() -> sfn.describeStateMachineAlias(r -> r.stateMachineAliasArn(alias)))
        .isInstanceOf(ResourceNotFoundException.class);
    sfn.deleteStateMachine(r -> r.stateMachineArn(arn));
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> sfn.describeStateMachine(r -> r.stateMachineArn(arn)))
                    .isInstanceOf(StateMachineDoesNotExistException.class));
  }

  @Test
  void shouldCreateReadAndDeleteAnActivity() {
    String arn = sfn.createActivity(r -> r.name("approval").tags(TEAM)).activityArn();

    assertThat(sfn.describeActivity(r -> r.activityArn(arn)).name()).isEqualTo("approval");
    assertThat(sfn.listTagsForResource(r -> r.resourceArn(arn)).tags()).containsExactly(TEAM);
    sfn.deleteActivity(r -> r.activityArn(arn));
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> sfn.describeActivity(r -> r.activityArn(arn)))
                    .isInstanceOf(ActivityDoesNotExistException.class));
  }

  private static ValidateStateMachineDefinitionResultCode validate(String definition) {
    return sfn.validateStateMachineDefinition(
            r -> r.definition(definition).type(StateMachineType.STANDARD))
        .result();
  }

  /** Published ones are listed the latest first. */
  private static String latestVersion(String arn) {
    return sfn.listStateMachineVersions(r -> r.stateMachineArn(arn)).stateMachineVersions().stream()
        .map(StateMachineVersionListItem::stateMachineVersionArn)
        .findFirst()
        .orElseThrow();
  }

  private static RoutingConfigurationListItem route(String version, int weight) {
    return RoutingConfigurationListItem.builder()
        .stateMachineVersionArn(version)
        .weight(weight)
        .build();
  }
}
