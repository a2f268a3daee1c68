package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.dev.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DevProcessTest {

  @TempDir private Path directory;

  @AfterEach
  void forget() {
    System.clearProperty(DevProcess.APP);
  }

  @Test
  void shouldRefuseToStartWhatIsNotThere() {
    System.setProperty(DevProcess.APP, directory.resolve("none.jar").toString());

    assertThatThrownBy(() -> DevProcess.start(directory, 2))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("none.jar");
  }

  @Test
  void shouldRefuseToStartWithoutTheLauncher() {
    assertThatThrownBy(() -> DevProcess.start(directory, 2))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("There is no packaged application");
  }

  @Test
  void shouldTellWhatAnApplicationSaidThatDidNotStart() throws Exception {
    Path broken = Files.writeString(directory.resolve("broken.jar"), "no archive");
    System.setProperty(DevProcess.APP, broken.toString());

    assertThatThrownBy(() -> DevProcess.start(directory.resolve("new"), 2))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("exit code 1 before it was ready")
        .hasMessageContaining("jarfile");
  }
}
