package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.loadtests.DirectorySize;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class ProbeTest {

  @TempDir private Path directory;

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldLookIntoAnotherProcess() throws Exception {
    Process child = TetherTest.tied();
    try (Probe probe = Probe.attach(child.pid())) {
      assertThat(probe.heapAfterCollection()).isBetween(100_000L, 64L << 20);
      assertThat(probe.resident()).isGreaterThan(10L << 20);
      assertThat(probe.threads()).isGreaterThan(5);
      assertThat(probe.descriptors()).isGreaterThan(3);
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void shouldSayThatThereIsNoSuchProcess() throws Exception {
    Process child = TetherTest.tied();
    child.destroyForcibly().waitFor();
    assertThatThrownBy(() -> Probe.attach(child.pid())).isInstanceOf(RunFailure.class);
  }

  @Test
  void shouldSumUpFiles() throws Exception {
    Files.createDirectories(directory.resolve("a/b"));
    Files.write(directory.resolve("a/one"), new byte[1_000]);
    Files.write(directory.resolve("a/b/two"), new byte[500]);
    assertThat(DirectorySize.bytesIn(directory)).isEqualTo(1_500);
    assertThat(DirectorySize.bytesIn(directory.resolve("none"))).isZero();
  }
}
