package io.stepstream.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The newcomer's path must not be broken by a change of the code that it uses. */
class DocumentationTest {

  /** Tests run in the directory of their module. */
  private static final Path ROOT = Path.of("..");

  private static final Pattern PROGRAM =
      Pattern.compile("`hello/(\\w+\\.java)`[^`]*?```java\\n(.*?)```", Pattern.DOTALL);

  private static final Pattern DEFINITION =
      Pattern.compile("```json\\n(\\{\\n.*?)```", Pattern.DOTALL);

  private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)");

  @Test
  void shouldCompileTheProgramsOfTheReadme(@TempDir Path directory) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> compiled = new ArrayList<>();
    for (MatchResult program : matches(PROGRAM, ROOT.resolve("README.md"))) {
      Path source = Files.writeString(directory.resolve(program.group(1)), program.group(2));
      StringWriter problems = new StringWriter();
      boolean valid =
          compiler
              .getTask(
                  problems,
                  null,
                  null,
                  List.of("-proc:none", "-d", directory.toString()),
                  null,
                  compiler
                      .getStandardFileManager(null, null, StandardCharsets.UTF_8)
                      .getJavaFileObjects(source))
              .call();
      assertThat(valid).as("%s: %s", source.getFileName(), problems).isTrue();
      compiled.add(program.group(1));
    }
    assertThat(compiled).containsExactly("Hello.java", "Watch.java", "Publish.java");
  }

  @Test
  void shouldShowAValidDefinitionInTheReadme() throws IOException {
    List<MatchResult> definitions = matches(DEFINITION, ROOT.resolve("README.md"));

    assertThat(definitions).hasSize(1);
    assertThat(
            DefinitionReader.read(
                definitions.getFirst().group(1), Format.JSON, MachineType.STANDARD))
        .isInstanceOf(DefinitionResult.Parsed.class);
  }

  @Test
  void shouldLinkOnlyToWhatIsThere() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    documents.add(ROOT.resolve("CONTRIBUTING.md"));
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
    }
    for (Path document : documents) {
      for (MatchResult link : matches(LINK, document)) {
        assertThat(document.resolveSibling(link.group(1))).as("link in %s", document).exists();
      }
    }
  }

  private static List<MatchResult> matches(Pattern pattern, Path file) throws IOException {
    return pattern.matcher(Files.readString(file)).results().toList();
  }
}
