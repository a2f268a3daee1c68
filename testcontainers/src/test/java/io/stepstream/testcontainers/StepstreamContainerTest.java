package io.stepstream.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What there is to know without a Docker engine. */
final class StepstreamContainerTest {

  private static final Path ROOT = Path.of("..");

  @Test
  void shouldTakeTheImagesOfThisBuild() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));

    assertThat(Images.coordinator().getUnversionedPart()).isEqualTo("stepstream/coordinator");
    assertThat(pom).contains("<version>" + Images.coordinator().getVersionPart() + "</version>");
    assertThat(Images.kafka().getUnversionedPart()).isEqualTo("apache/kafka");
    assertThat(pom)
        .contains("<kafka.version>" + Images.kafka().getVersionPart() + "</kafka.version>");
  }

  @Test
  void shouldNameSettingsThatThereAre() throws IOException {
    Set<String> documented =
        Pattern.compile("stepstream[.][a-z.-]+")
            .matcher(Files.readString(ROOT.resolve("docs/configuration.md")))
            .results()
            .map(key -> key.group().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"))
            .collect(Collectors.toSet());

    assertThat(documented).containsAll(StepstreamContainer.settings().keySet());
  }

  @Test
  void shouldPutAFileWhereEachSettingPoints() {
    Set<String> files = GeneratedKeys.random().files().keySet();

    assertThat(StepstreamContainer.settings().values())
        .filteredOn(value -> value.startsWith("/"))
        .hasSize(5)
        .allSatisfy(
            value -> assertThat(files).contains(value.substring("/etc/stepstream/".length())));
  }

  @Test
  void shouldNameAMachineAsTheCoordinatorDoes() {
    assertThat(Machine.arn("hello"))
        .isEqualTo("arn:aws:states:us-east-1:000000000000:stateMachine:hello");
  }
}
