package io.stepstream.schemas.acl;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.topic.TopicSpec;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class AclFilesTest {

  private static final Path FILES = Path.of("..", "deploy", "kafka");

  @Test
  void shouldShipTheTableAsCommands() throws IOException {
    assertShipped("acls.sh", KafkaAclsScript.text());
  }

  @Test
  void shouldShipTheTableAsUsersOfStrimzi() throws IOException {
    assertShipped("users.yaml", StrimziUsers.yaml("stepstream"));
  }

  @Test
  void shouldLetSomebodyWriteAndSomebodyReadEachTopic() {
    Set<String> written = topics(AclOperation.WRITE);
    Set<String> read = topics(AclOperation.READ);

    for (TopicSpec topic : Topics.catalogue(TopicLayout.singleBroker())) {
      assertThat(written).as("written").contains(topic.name());
      assertThat(read).as("read").contains(topic.name());
    }
  }

  @Test
  void shouldLetWorkersWriteNothingThatDecidesExecutions() {
    Set<String> allowed =
        Component.WORKER.grants().stream()
            .filter(grant -> grant.operations().contains(AclOperation.WRITE))
            .map(grant -> grant.resource().name())
            .collect(Collectors.toSet());

    assertThat(allowed)
        .containsExactlyInAnyOrder(
            Topics.TASKS_PREFIX,
            "stepstream.std.inbox",
            "stepstream.exp.inbox",
            Topics.WORKERS,
            Topics.DLQ);
  }

  private static Set<String> topics(AclOperation operation) {
    return Arrays.stream(Component.values())
        .flatMap(component -> component.grants().stream())
        .filter(grant -> grant.resource().resourceType() == ResourceType.TOPIC)
        .filter(grant -> grant.resource().patternType() == PatternType.LITERAL)
        .filter(grant -> grant.operations().contains(operation))
        .map(grant -> grant.resource().name())
        .collect(Collectors.toSet());
  }

  /** With {@code -Dstepstream.acls.accept} it writes the file instead. */
  private static void assertShipped(String name, String text) throws IOException {
    Path file = FILES.resolve(name);
    if (Boolean.getBoolean("stepstream.acls.accept")) {
      Files.writeString(file, text);
    }
    assertThat(file)
        .as("run the test with -Dstepstream.acls.accept=true and look at what changes")
        .hasContent(text);
  }
}
