package io.stepstream.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.testkit.TestMachine;
import io.stepstream.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every example has, and those that need no worker; ExamplesIT runs all of them. */
class ExampleFoldersTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int AT_LEAST = 12;

  @Test
  void shouldHaveAnEndForEachInputAndAWordInTheReadme() throws IOException {
    List<Path> folders = folders();
    String index = Files.readString(Path.of("README.md"));

    assertThat(folders).hasSizeGreaterThanOrEqualTo(AT_LEAST);
    for (Path folder : folders) {
      TestMachine.load(folder.resolve("machine.asl.json"));
      assertThat(folder.resolve("README.md")).isNotEmptyFile();
      assertThat(folder.resolve("input.json")).exists();
      assertThat(index).contains("(" + folder.getFileName() + ")");
      for (Path input : inputs(folder)) {
        assertThat(List.of(Files.exists(end(input, "output")), Files.exists(end(input, "error"))))
            .as("%s has an output or an error", input)
            .containsExactlyInAnyOrder(true, false);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"invoice-total", "loan-decision", "order-report"})
  void shouldEndAsTheFolderSaysWithoutAnyWorker(String example) throws IOException {
    Path folder = Path.of(example);
    for (Path input : inputs(folder)) {
      TestRun run =
          TestMachine.load(folder.resolve("machine.asl.json")).run(Files.readString(input));

      if (Files.exists(end(input, "output"))) {
        run.succeededWith(Files.readString(end(input, "output")));
      } else {
        JsonNode expected = JSON.readTree(Files.readString(end(input, "error")));
        run.failed(expected.path("error").asText());
        assertThat(run.cause()).isEqualTo(expected.path("cause").asText());
      }
    }
  }

  private static List<Path> folders() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of(""))) {
      all.filter(folder -> Files.exists(folder.resolve("machine.asl.json"))).forEach(found::add);
    }
    return found;
  }

  private static List<Path> inputs(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("input.*\\.json"))
          .sorted()
          .toList();
    }
  }

  private static Path end(Path input, String kind) {
    return input.resolveSibling(input.getFileName().toString().replaceFirst("^input", kind));
  }
}
