package io.stepstream.asl.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.asl.source.DefinitionProblem;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Definitions that AWS was seen to accept or to refuse, in the folder which the system property
 * {@code stepstream.conformance} names; without it there is nothing to compare with.
 */
class ConformanceDefinitionsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Definitions of the folder which a linter takes and AWS refuses, or which a conversion broke;
   * docs/conformance.md has the evidence.
   */
  private static final Map<String, String> VALID_BY_LINTERS_ONLY =
      Map.of(
          "all_types-04eb110ee103", "a Parallel without Branches, dangling targets",
          "statemachine.asl-58d741bf19e8", "a placeholder was substituted by text in Seconds",
          "valid-assign.asl-e61e51fb3d96", "a variable's name with a hyphen",
          "valid-map-with-item-batcher-jsonata-7419c5af93db", "JSONPath in a JSONata machine",
          "valid-task-credentials-4c1826a20409", "Credentials without RoleArn",
          "valid-task-intrisic-function-6c7630924a2a", "a CloudFormation function as Resource",
          "validationStrings-9fd9c95cff2b", "one name for several states");

  /** What linters refuse although AWS is known, or likely, to take it. */
  private static final Map<String, String> INVALID_BY_LINTERS_ONLY =
      Map.of(
          "invalid-json-surround-syntax-extra-spaces-c8b325869207", "blanks inside the markers",
          "invalid-math-add-be08ebbf893e", "the type of a literal argument");

  private static Path folder = Path.of("");

  @BeforeAll
  static void findFolder() {
    String property = System.getProperty("stepstream.conformance");
    String missing = "skipped: no -Dstepstream.conformance=FOLDER, nothing to compare with";
    if (property == null) {
      System.out.println(ConformanceDefinitionsTest.class.getSimpleName() + " " + missing);
    }
    assumeTrue(property != null, missing);
    folder = Path.of(String.valueOf(property));
  }

  @Test
  void shouldAcceptThePublishedDefinitions() throws IOException {
    Map<String, DefinitionResult> results = readCorpus("valid");

    Map<String, String> refused = new LinkedHashMap<>();
    results.forEach(
        (id, result) -> {
          if (result instanceof DefinitionResult.Rejected rejected) {
            refused.put(id, rejected.message());
          }
        });
    print("valid definitions accepted", results.size() - refused.size(), results.size(), refused);
    assertThat(new TreeSet<>(refused.keySet()))
        .isEqualTo(new TreeSet<>(VALID_BY_LINTERS_ONLY.keySet()));
  }

  @Test
  void shouldRefuseTheInvalidDefinitions() throws IOException {
    Map<String, DefinitionResult> results = readCorpus("invalid");

    Map<String, String> accepted = new LinkedHashMap<>();
    results.forEach(
        (id, result) -> {
          if (result instanceof DefinitionResult.Parsed) {
            accepted.put(id, "accepted");
          }
        });
    print(
        "invalid definitions refused", results.size() - accepted.size(), results.size(), accepted);
    assertThat(accepted.keySet()).isSubsetOf(INVALID_BY_LINTERS_ONLY.keySet());
  }

  @Test
  void shouldAcceptEveryDefinitionThatAwsRan() throws IOException {
    Map<String, String> refused = new LinkedHashMap<>();
    List<JsonNode> cases = cases("execution");
    for (JsonNode test : cases) {
      if (read(test) instanceof DefinitionResult.Rejected rejected) {
        refused.put(test.get("id").asText(), rejected.message());
      }
    }
    print("executed definitions accepted", cases.size() - refused.size(), cases.size(), refused);
    assertThat(cases).isNotEmpty();
    assertThat(refused).isEmpty();
  }

  @Test
  void shouldRefuseWithAwsMessage() throws IOException {
    Map<String, String> accepted = new LinkedHashMap<>();
    Map<String, String> different = new LinkedHashMap<>();
    int recorded = 0;
    List<JsonNode> cases = cases("create-rejected");
    for (JsonNode test : cases) {
      String id = test.get("id").asText();
      String actual =
          read(test) instanceof DefinitionResult.Rejected rejected ? rejected.message() : null;
      if (actual == null) {
        accepted.put(id, "accepted");
      } else if (test.get("recordedFrom").asText().equals("aws")) {
        recorded++;
        String expected =
            test.at("/expect/apiError/message").asText().replace("arn:<partition>", "arn:aws");
        if (!actual.equals(expected)) {
          different.put(id, expected + System.lineSeparator() + "    " + actual);
        }
      }
    }
    print("rejected definitions refused", cases.size() - accepted.size(), cases.size(), accepted);
    print("messages equal to AWS's", recorded - different.size(), recorded, different);
    assertThat(recorded).isPositive();
    assertThat(accepted).isEmpty();
    assertThat(different).isEmpty();
  }

  @Test
  void shouldGiveAwsDiagnostics() throws IOException {
    List<JsonNode> cases = cases("validate");
    Map<String, String> different = new LinkedHashMap<>();
    for (JsonNode test : cases) {
      List<String> expected = new ArrayList<>();
      for (JsonNode diagnostic : test.at("/expect/diagnostics")) {
        expected.add(
            Stream.of("severity", "code", "message", "location")
                .map(field -> diagnostic.path(field).asText())
                .toList()
                .toString());
      }
      List<String> actual =
          read(test).problems().stream().map(ConformanceDefinitionsTest::diagnostic).toList();
      if (!actual.equals(expected)) {
        different.put(test.get("id").asText(), expected + " " + actual);
      }
    }
    print("diagnostics equal to AWS's", cases.size() - different.size(), cases.size(), different);
    assertThat(cases).isNotEmpty();
    assertThat(different).isEmpty();
  }

  private static String diagnostic(DefinitionProblem problem) {
    return Stream.of(problem.severity(), problem.code(), problem.message(), problem.location())
        .map(String::valueOf)
        .toList()
        .toString();
  }

  private static DefinitionResult read(JsonNode test) {
    String text =
        test.hasNonNull("definitionText")
            ? test.get("definitionText").asText()
            : test.get("definition").toString();
    boolean express =
        test.path("stateMachineType").asText().equals("EXPRESS")
            || test.get("id").asText().contains("express");
    return DefinitionReader.read(
        text, Format.JSON, express ? MachineType.EXPRESS : MachineType.STANDARD);
  }

  private static Map<String, DefinitionResult> readCorpus(String verdict) throws IOException {
    Map<String, DefinitionResult> results = new LinkedHashMap<>();
    for (Path file : files(folder.resolve("corpus").resolve(verdict))) {
      String name = file.getFileName().toString();
      results.put(
          name.substring(0, name.length() - ".json".length()),
          DefinitionReader.read(Files.readAllBytes(file), Format.JSON, MachineType.STANDARD));
    }
    assertThat(results).isNotEmpty();
    return results;
  }

  private static List<JsonNode> cases(String kind) throws IOException {
    List<JsonNode> cases = new ArrayList<>();
    for (Path file : files(folder.resolve("cases"))) {
      JsonNode test = JSON.readTree(file.toFile());
      if (test.get("kind").asText().equals(kind)) {
        cases.add(test);
      }
    }
    return cases;
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static void print(String what, int good, int all, Map<String, String> others) {
    System.out.printf("%s: %d of %d%n", what, good, all);
    others.forEach((id, why) -> System.out.printf("  %s: %s%n", id, why));
  }
}
