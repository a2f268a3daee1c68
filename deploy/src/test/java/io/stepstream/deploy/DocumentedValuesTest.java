package io.stepstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.TemplateCommand;
import io.stepstream.deploy.Release.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page on Kubernetes tells to copy is taken by the chart. */
class DocumentedValuesTest {

  private static final Path PAGE = Path.of("..", "docs", "kubernetes.md");

  private static final Pattern YAML = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

  private static final Pattern INSTALL =
      Pattern.compile("helm install stepstream (.*?)\\nkubectl", Pattern.DOTALL);

  private static final Pattern SET = Pattern.compile("--set ([^= ]+)=(\\S+)");

  @Test
  void shouldTakeTheValuesOfThePage(@TempDir Path directory) throws IOException {
    List<String> blocks =
        matches(YAML, Files.readString(PAGE)).stream()
            .map(block -> block.group(1))
            // The adapter's, not ours.
            .filter(block -> !block.startsWith("rules:"))
            .toList();

    assertThat(blocks).hasSizeGreaterThan(1);
    for (String block : blocks) {
      Path values = Files.writeString(directory.resolve("values.yaml"), block);
      String yaml =
          Chart.shipped()
              .template()
              .withValuesFile(Chart.shipped().values("minimal-values.yaml").toAbsolutePath())
              .withValuesFile(values)
              .call();
      assertThat(Release.of(yaml).pods()).as(block).hasSizeGreaterThan(1);
    }
  }

  @Test
  void shouldTakeTheCommandOfThePage() throws IOException {
    String command = matches(INSTALL, Files.readString(PAGE)).getFirst().group(1);
    TemplateCommand template = Chart.shipped().template();
    List<MatchResult> values = matches(SET, command);
    values.forEach(value -> template.set(value.group(1), value.group(2)));

    Release release = Release.of(template.call());

    assertThat(values).hasSizeGreaterThan(3);
    assertThat(release.manifests())
        .extracting(Manifest::kind)
        .contains("StatefulSet", "Deployment", "Kafka", "KafkaUser", "KafkaTopic");
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }
}
