package io.stepstream.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {
  @TempDir private Path root;

  @Test
  void shouldKeepTheKeyOfTaskTokens() throws Exception {
    String key;
    try (DataDirectory opened = DataDirectory.open(root, 3)) {
      key = Files.readString(opened.taskTokenKeys());
    }
    assertThat(key).hasSize(64);
    try (DataDirectory again = DataDirectory.open(root, 3)) {
      assertThat(again.taskTokenKeys()).hasContent(key);
    }
  }

  @Test
  void shouldOpenADirectoryAgainAfterItWasClosed() throws Exception {
    try (DataDirectory first = DataDirectory.open(root, 4)) {
      Files.createDirectories(first.kafka());
    }

    try (DataDirectory second = DataDirectory.open(root, 4)) {
      assertThat(second.kafka()).isDirectory();
    }
  }

  @Test
  void shouldRefuseADirectoryThatAnotherProcessUses() throws Exception {
    try (DataDirectory _ = DataDirectory.open(root, 4)) {
      assertThatThrownBy(() -> DataDirectory.open(root, 4))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("in use by another process")
          .hasMessageContaining("--data-dir");
    }
  }

  @Test
  void shouldRefuseTheLayoutOfAnotherVersion() throws Exception {
    DataDirectory.open(root, 4).close();
    Path marker = root.resolve(DataDirectory.MARKER);
    Files.writeString(
        marker,
        Files.readString(marker)
            .replace("layout=" + DataDirectory.LAYOUT, "layout=" + (DataDirectory.LAYOUT + 1)));

    assertThatThrownBy(() -> DataDirectory.open(root, 4))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("of another version")
        .hasMessageContaining("Start the version that made it");
  }

  @Test
  void shouldRefuseAnotherNumberOfPartitions() throws Exception {
    DataDirectory.open(root, 4).close();

    assertThatThrownBy(() -> DataDirectory.open(root, 6))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("has 4 partitions, not 6")
        .hasMessageContaining("--partitions 4 or a multiple");
    assertThatThrownBy(() -> DataDirectory.open(root, 2)).isInstanceOf(Refusal.class);
  }

  @Test
  void shouldRememberThatItHasGrown() throws Exception {
    DataDirectory.open(root, 4).close();

    try (DataDirectory directory = DataDirectory.open(root, 8)) {
      assertThat(directory.partitions()).isEqualTo(4);
      directory.grown(8);
      assertThat(directory.partitions()).isEqualTo(8);
    }

    assertThatThrownBy(() -> DataDirectory.open(root, 4))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("has 8 partitions, not 4");
    try (DataDirectory directory = DataDirectory.open(root, 8)) {
      assertThat(directory.partitions()).isEqualTo(8);
    }
  }

  @Test
  void shouldNotTouchADirectoryOfSomebodyElse() throws Exception {
    Files.writeString(root.resolve("thesis.txt"), "years of work");

    assertThatThrownBy(() -> DataDirectory.open(root, 4))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("wasn't made by stepstream");
    assertThat(root.resolve(DataDirectory.MARKER)).doesNotExist();
  }

  @Test
  void shouldRefuseAPathThatIsAFile() throws Exception {
    Path file = Files.writeString(root.resolve("file"), "");

    assertThatThrownBy(() -> DataDirectory.open(file, 4))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("can't be used");
  }

  @Test
  void shouldRemoveATemporaryDirectoryAtTheEnd() throws Exception {
    Path kafka;
    try (DataDirectory temporary = DataDirectory.temporary(2)) {
      kafka = Files.createDirectories(temporary.kafka());
    }

    assertThat(kafka.getParent()).doesNotExist();
  }
}
