package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateDirectoriesTest {

  @TempDir private Path directory;

  private Path state() throws IOException {
    Path state = directory.resolve("state");
    Files.createDirectories(state.resolve("app/0_1"));
    Files.writeString(state.resolve("node-id"), "me");
    Files.writeString(state.resolve("app/0_1/.checkpoint"), "0123456789");
    return state;
  }

  @Test
  void shouldCopyCutAndRemove() throws IOException {
    Path state = state();
    Path copy = directory.resolve("copy");
    StateDirectories.copy(state, copy);
    assertThat(StateDirectories.cutCheckpoints(state)).isEqualTo(1);
    assertThat(state.resolve("app/0_1/.checkpoint")).hasContent("01234");
    assertThat(copy.resolve("app/0_1/.checkpoint")).hasContent("0123456789");
    StateDirectories.remove(state);
    assertThat(state).doesNotExist();
    StateDirectories.remove(state);
  }

  @Test
  void shouldCopyTheIdAlone() throws IOException {
    Path twin = directory.resolve("twin");
    StateDirectories.copyId(state(), twin);
    assertThat(twin.resolve("node-id")).hasContent("me");
    assertThat(twin.resolve("app")).doesNotExist();
  }
}
