package io.stepstream.asl.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceReaderTest {

  private final Problems problems = new Problems();

  private Node read(String text, Format format) {
    return SourceReader.read(text.getBytes(UTF_8), format, problems);
  }

  @Test
  void shouldGiveEveryJsonValueItsPlace() {
    Node.Struct root = (Node.Struct) read("{\n  \"a/b\": [1,\n    {\"c\": null}]\n}", Format.JSON);

    Node.Array array = (Node.Array) root.get("a/b");
    Node.Struct inner = (Node.Struct) array.items().get(1);
    assertThat(root.members().get("a/b").nameAt()).isEqualTo(new Position(2, 3));
    assertThat(array.at()).isEqualTo(new Position(2, 10));
    assertThat(inner.at()).isEqualTo(new Position(3, 5));
    assertThat(inner.get("c").path().pointer()).isEqualTo("/a~1b/1/c");
    assertThat(inner.get("c").path().location()).isEqualTo("/a/b[1]/c");
    assertThat(inner.get("c").path().locationFrom(array.path())).isEqualTo("[1]/c");
  }

  @Test
  void shouldGiveEveryYamlValueItsPlace() {
    Node.Struct root = (Node.Struct) read("a:\n  - 1\n  - c: ~\n", Format.YAML);

    Node.Array array = (Node.Array) root.get("a");
    Node.Struct inner = (Node.Struct) array.items().get(1);
    assertThat(root.members().get("a").nameAt()).isEqualTo(new Position(1, 1));
    assertThat(inner.at()).isEqualTo(new Position(3, 5));
    assertThat(inner.members().get("c").value().at()).isEqualTo(new Position(3, 8));
    assertThat(inner.get("c").path().pointer()).isEqualTo("/a/1/c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": [1, -2.5, 1e3, 12345678901, 123456789012345678901234567890, 0.1]}",
        "{\"a\": {\"b\": \"2024-01-01T00:00:00Z\", \"c\": true, \"d\": null, \"e\": \"yes\"}}",
        "[]",
        "\"text\"",
      })
  void shouldReadJsonTheSameAsYaml(String json) {
    assertThat(read(json, Format.YAML).json()).isEqualTo(read(json, Format.JSON).json());
    assertThat(problems.all()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "yes, yes",
    "on, on",
    "1_000, 1_000",
    "0x1F, 0x1F",
    "0o7, 0o7",
    "1:30, 1:30",
    ".inf, .inf",
    "2024-01-01, 2024-01-01",
    "010, 010",
    "!!str 5, 5"
  })
  void shouldKeepYamlWordsThatJsonDoesNotKnowAsText(String yaml, String text) {
    assertThat(read(yaml, Format.YAML).json()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "JSON | {\"a\": 1,} | 1 | 9",
        "JSON | {\"a\" 1} | 1 | 6",
        "JSON | {\"a\": 1 | 1 | 8",
        "JSON | not json | 1 | 1",
        "JSON | {} {} | 1 | 4",
        "JSON | [1e99999999] | 1 | 2",
        "YAML | [1e99999999] | 1 | 2",
        "YAML | a: [1, 2 | 1 | 9",
        "YAML | a: b: c | 1 | 5",
        "YAML | a: *x | 1 | 4",
        "YAML | a: !Sub x | 1 | 4",
        "YAML | {[1]: 2} | 1 | 2",
      })
  void shouldReportBadTextWithItsPlace(Format format, String text, int line, int column) {
    assertThat(read(text, format)).isNull();

    assertThat(problems.all())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("INVALID_JSON_DESCRIPTION");
              assertThat(problem.message()).isNotBlank();
              assertThat(problem.location()).isNull();
              assertThat(problem.line()).isEqualTo(line);
              assertThat(problem.column()).isEqualTo(column);
            });
  }

  @ParameterizedTest
  @EnumSource
  void shouldReportDuplicateNamesAndReadOn(Format format) {
    Node root = read("{\"a\": 1, \"b\": {\"c\": 1, \"c\": 2}, \"a\": 3}", format);

    assertThat(root).isNotNull();
    assertThat(problems.all())
        .extracting(DefinitionProblem::message, DefinitionProblem::pointer)
        .containsExactly(tuple("Duplicate field 'c'", "/b/c"), tuple("Duplicate field 'a'", "/a"));
  }

  @ParameterizedTest
  @EnumSource
  void shouldRefuseTextThatIsTooDeep(Format format) {
    int depth = SourceReader.MAX_DEPTH + 2;

    assertThat(read("[".repeat(depth) + "]".repeat(depth), format)).isNull();

    assertThat(problems.all()).extracting(DefinitionProblem::code).hasSize(1);
    assertThat(problems.all().getFirst().code())
        .isIn("TOO_DEEPLY_NESTED", "INVALID_JSON_DESCRIPTION");
  }

  @ParameterizedTest
  @EnumSource
  void shouldTakeTextOfTheGreatestDepth(Format format) {
    int depth = SourceReader.MAX_DEPTH - 1;

    assertThat(read("[".repeat(depth) + "]".repeat(depth), format)).isNotNull();
  }

  @Test
  void shouldRefuseAliasesThatMultiply() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      String alias = "*a" + (i - 1);
      yaml.append(
          "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(10, alias))));
    }

    assertThat(read(yaml.toString(), Format.YAML)).isNull();
    assertThat(problems.hasErrors()).isTrue();
  }

  @Test
  void shouldRefuseAliasThatContainsItself() {
    assertThat(read("a: &a [*a]", Format.YAML)).isNull();
    assertThat(problems.hasErrors()).isTrue();
  }

  @Test
  void shouldUnfoldFewAliases() {
    Node.Struct root = (Node.Struct) read("a: &x {n: 1}\nb: *x\n", Format.YAML);

    assertThat(root.get("b").json()).isEqualTo(root.get("a").json());
    assertThat(root.get("b").path().pointer()).isEqualTo("/b");
  }

  @Test
  void shouldRefuseMoreThanAMegabyte() {
    String text = "\"" + "x".repeat(SourceReader.MAX_BYTES) + "\"";

    assertThat(read(text, Format.JSON)).isNull();
    assertThat(problems.all().getFirst().message()).contains("1048578 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "# only a comment\n"})
  void shouldCallEmptyTextMissing(String text) {
    assertThat(read(text, Format.YAML)).isNull();
    assertThat(problems.all())
        .extracting(DefinitionProblem::code)
        .containsExactly("MISSING_DESCRIPTION");
  }

  @Test
  void shouldKeepListOfProblemsSmallWhateverTheDefinition() {
    String name = "n".repeat(100_000);
    String twice = "\"" + name + "\":{" + "\"a\":1,".repeat(5_000) + "\"b\":1}";

    read("{" + twice + "}", Format.JSON);

    assertThat(problems.all()).hasSize(Problems.MAX_OF_A_SEVERITY);
    assertThat(problems.all()).allSatisfy(p -> assertThat(p.pointer().length()).isLessThan(10_100));
  }

  @Test
  void shouldRefuseBytesThatAreNotUtf8() {
    assertThat(SourceReader.read(new byte[] {'"', (byte) 0xff, '"'}, Format.JSON, problems))
        .isNull();
    assertThat(problems.all().getFirst().message()).contains("UTF-8");
  }
}
