package io.stepstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.acl.StrimziUsers;
import io.stepstream.schemas.topic.Cleanup;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.topic.TopicSpec;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

/** What the chart repeats of the code: a chart reads no files but its own. */
class ChartFilesTest {

  /** No topic has this number of partitions but those that take the installation's. */
  private static final TopicLayout MARKED = new TopicLayout(7919, 1, 1, 1);

  @Test
  void shouldHaveTheCatalogueOfTopics() throws IOException {
    assertShipped("topics.yaml", topics(Topics.catalogue(MARKED)));
  }

  @Test
  void shouldHaveTheRightsOfEachComponent() throws IOException {
    assertShipped("users.yaml", StrimziUsers.yaml("stepstream"));
  }

  private static String topics(List<TopicSpec> catalogue) {
    var yaml = new StringBuilder();
    yaml.append(
        """
        # The catalogue, io.stepstream.schemas.topic.Topics. P: topics.partitions. Not here: topics.replicationFactor and
        # topics.minInsyncReplicas, which all have.
        """);
    for (TopicSpec topic : catalogue) {
      yaml.append(
          """
          - name: %s
            partitions: %s
            config:
              cleanup.policy: "%s"
              %s
              max.message.bytes: "%d"
          """
              .formatted(
                  topic.name(),
                  topic.partitions() == MARKED.partitions() ? "P" : topic.partitions(),
                  topic.cleanup().policy(),
                  kept(topic),
                  topic.maxRecordBytes()));
    }
    return yaml.toString();
  }

  private static String kept(TopicSpec topic) {
    String name =
        switch (topic.cleanup()) {
          case Cleanup.Delete _ -> TopicConfig.RETENTION_MS_CONFIG;
          case Cleanup.Compact _ -> TopicConfig.SEGMENT_MS_CONFIG;
        };
    Map<String, String> config = topic.config();
    return "%s: \"%s\"".formatted(name, config.get(name));
  }

  /** With {@code -Dstepstream.chart.accept} it writes the file instead. */
  private static void assertShipped(String name, String text) throws IOException {
    Path file = Chart.shipped().directory().resolve("files").resolve(name);
    if (Boolean.getBoolean("stepstream.chart.accept")) {
      Files.writeString(file, text);
    }
    assertThat(file)
        .as("run the test with -Dstepstream.chart.accept=true and look at what changes")
        .hasContent(text);
  }
}
