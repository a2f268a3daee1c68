package io.stepstream.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.images.BuiltImages;
import io.stepstream.images.Running;
import io.stepstream.images.Unpacked;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@link StepstreamContainer} gives its container, given to what is in the image. */
@Timeout(value = 8, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class GeneratedKeysIT {

  private static final String PASS =
      "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}";

  @Test
  void shouldLetInWhoHasThemAndCreateMachines(@TempDir Path directory) throws Exception {
    GeneratedKeys keys = GeneratedKeys.random();
    Unpacked image = BuiltImages.coordinator();
    for (Map.Entry<String, String> file : keys.files().entrySet()) {
      image.secret(file.getKey(), file.getValue());
    }
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerSettings.in(directory.resolve("kafka")))) {
      Map<String, String> settings = new HashMap<>(StepstreamContainer.settings());
      settings.replaceAll((_, value) -> value.replace("/etc/stepstream/", "/run/secrets/"));
      settings.put("STEPSTREAM_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
      try (Running node = Running.start(image, directory, settings);
          MachineCreation creation = new MachineCreation(node.endpoint(), keys.apiKey());
          MachineCreation stranger =
              new MachineCreation(node.endpoint(), GeneratedKeys.random().apiKey());
          StepFunctionsClient client = new StepFunctionsClient(node.endpoint(), keys.apiKey())) {
        node.awaitReady();

        creation.create(new Machine("hello", PASS, Machine.Type.STANDARD));

        assertThat(
                client
                    .call(
                        "DescribeStateMachine",
                        StepFunctionsClient.request().put("stateMachineArn", Machine.arn("hello")))
                    .path("status")
                    .asText())
            .isEqualTo("ACTIVE");
        Machine broken = new Machine("broken", "{}", Machine.Type.STANDARD);
        assertThatThrownBy(() -> creation.create(broken))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("broken")
            .hasMessageContaining("InvalidDefinition");
        assertThatThrownBy(() -> stranger.create(broken))
            .hasMessageContaining("UnrecognizedClientException");
      }
    }
  }
}
