package io.stepstream.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.dockerjava.api.exception.NotFoundException;
import io.stepstream.worker.StepstreamWorker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.DockerClientFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/** With a Docker engine that has the images; elsewhere it says that it is skipped. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class StepstreamContainerIT {

  private static final String GREET =
      """
      {"StartAt": "Greet", "States": {"Greet": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:greet",
        "Retry": [{"ErrorEquals": ["Lambda.ResourceNotFoundException"], "MaxAttempts": 30, "BackoffRate": 1}],
        "End": true}}}
      """;

  @BeforeAll
  static void requireTheImages() {
    String reason = whyNot();
    if (!reason.isEmpty()) {
      System.err.println("StepstreamContainerIT: SKIPPED, " + reason);
    }
    assumeTrue(reason.isEmpty(), reason);
  }

  private static String whyNot() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return "there is no Docker engine";
    }
    String image = Images.coordinator().asCanonicalNameString();
    try {
      DockerClientFactory.lazyClient().inspectImageCmd(image).exec();
      return "";
    } catch (NotFoundException _) {
      return "the Docker engine has no image " + image + " (docker load)";
    }
  }

  @Test
  void shouldRunAMachineWhoseFunctionIsTheTests() {
    try (var stepstream = new StepstreamContainer().withMachine("greet", GREET)) {
      stepstream.start();
      try (var worker =
              StepstreamWorker.builder()
                  .bootstrapServers(stepstream.getBootstrapServers())
                  .queues("greetings")
                  .function(
                      "greet",
                      input ->
                          JsonNodeFactory.instance.textNode(
                              "Hello, " + input.path("name").asText()))
                  .build()
                  .start();
          SfnClient sfn = client(stepstream)) {
        String execution =
            sfn.startExecution(
                    r ->
                        r.stateMachineArn(stepstream.getMachineArn("greet"))
                            .input("{\"name\":\"Ada\"}"))
                .executionArn();

        DescribeExecutionResponse end =
            Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(
                    () -> sfn.describeExecution(r -> r.executionArn(execution)),
                    found -> found.status() != ExecutionStatus.RUNNING);
        assertThat(end.output()).isEqualTo("\"Hello, Ada\"");
        assertThat(worker.completed()).isPositive();
      }
    }
  }

  @Test
  void shouldNotStartWithADefinitionThatIsNone() {
    try (var stepstream = new StepstreamContainer().withMachine("broken", "{}")) {
      assertThatThrownBy(stepstream::start).hasStackTraceContaining("broken");
    }
  }

  private static SfnClient client(StepstreamContainer stepstream) {
    return SfnClient.builder()
        .endpointOverride(stepstream.getEndpoint())
        .region(Region.of(stepstream.getRegion()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(
                    stepstream.getAccessKeyId(), stepstream.getSecretAccessKey())))
        .build();
  }
}
