package io.stepstream.dev.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.dev.Refusal;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JsonInputTest {
  private static final InputStream NOTHING = InputStream.nullInputStream();

  @Test
  void shouldTakeJsonAFileOrStandardInput(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("in.json"), "[1, 2]");
    InputStream stdin = new ByteArrayInputStream("\"ü\"".getBytes(StandardCharsets.UTF_8));

    assertThat(JsonInput.read("{\"a\": 1}", NOTHING)).isEqualTo("{\"a\": 1}");
    assertThat(JsonInput.read("@" + file, NOTHING)).isEqualTo("[1, 2]");
    assertThat(JsonInput.read("-", stdin)).isEqualTo("\"ü\"");
  }

  @Test
  void shouldSayWhereTheInputIsNotJson() {
    assertThatThrownBy(() -> JsonInput.read("{\"a\": 1,\n \"b\": nope}", NOTHING))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("line 2, column 7")
        .hasMessageContaining("--input");
  }

  @Test
  void shouldRefuseTextAfterTheValue() {
    assertThatThrownBy(() -> JsonInput.read("{} {}", NOTHING))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("text follows");
  }

  @Test
  void shouldRefuseAnEmptyInput() {
    assertThatThrownBy(() -> JsonInput.read("-", NOTHING))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("Standard input is empty");
  }

  @Test
  void shouldRefuseBytesThatAreNotUtf8() {
    InputStream latin1 = new ByteArrayInputStream("\"é\"".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> JsonInput.read("-", latin1))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("isn't UTF-8");
  }

  @Test
  void shouldRefuseMoreBytesThanAnExecutionTakes() {
    String large = "\"" + "x".repeat(JsonInput.MAX_BYTES) + "\"";

    assertThatThrownBy(() -> JsonInput.read(large, NOTHING))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("262144");
  }

  @Test
  void shouldNameTheFileThatIsMissing() {
    assertThatThrownBy(() -> JsonInput.read("@no/such.json", NOTHING))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("no/such.json");
  }
}
