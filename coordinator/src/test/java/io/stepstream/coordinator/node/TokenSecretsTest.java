package io.stepstream.coordinator.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenSecretsTest {

  private static final Supplier<String> NOT_ASKED =
      () -> {
        throw new AssertionError("the cluster is not asked");
      };

  @TempDir Path directory;

  private record Config(Optional<List<String>> keys, Optional<Path> keysFile)
      implements NodeConfig.TaskTokensConfig {}

  private static Config keys(String... keys) {
    return new Config(Optional.of(List.of(keys)), Optional.empty());
  }

  private static Config file(Path file) {
    return new Config(Optional.empty(), Optional.of(file));
  }

  private static List<String> texts(List<byte[]> secrets) {
    return secrets.stream().map(secret -> new String(secret, UTF_8)).toList();
  }

  @Test
  void shouldTakeTheKeysInTheirOrder() {
    assertThat(texts(TokenSecrets.of(keys("new", "old"), NOT_ASKED))).containsExactly("new", "old");
  }

  @Test
  void shouldTakeTheLinesOfAFile() throws Exception {
    Path file = Files.writeString(directory.resolve("keys"), " new \n\nold\n");

    assertThat(texts(TokenSecrets.of(file(file), NOT_ASKED))).containsExactly("new", "old");
  }

  @Test
  void shouldDeriveTheSameKeyFromTheSameCluster() {
    Config nothing = new Config(Optional.empty(), Optional.empty());

    assertThat(texts(TokenSecrets.of(nothing, () -> "c1")))
        .isEqualTo(texts(TokenSecrets.of(nothing, () -> "c1")))
        .isNotEqualTo(texts(TokenSecrets.of(nothing, () -> "c2")))
        .hasSize(1);
  }

  @Test
  void shouldNotGoOnWithoutTheKeysThatAreConfigured() throws Exception {
    Path empty = Files.writeString(directory.resolve("empty"), "\n");

    assertThatThrownBy(() -> TokenSecrets.of(file(directory.resolve("none")), NOT_ASKED))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("stepstream.task-tokens.keys-file");
    assertThatThrownBy(() -> TokenSecrets.of(file(empty), NOT_ASKED))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () ->
                TokenSecrets.of(
                    new Config(Optional.of(List.of("k")), Optional.of(empty)), NOT_ASKED))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("exclude each other");
  }
}
