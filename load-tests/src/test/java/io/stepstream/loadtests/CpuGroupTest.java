package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.dev.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On directories that look like the kernel's. */
final class CpuGroupTest {

  @TempDir private Path root;

  private void firstVersion() throws IOException {
    Files.createDirectory(root.resolve("cpu"));
    Files.createFile(root.resolve("cpu/cgroup.procs"));
  }

  private void secondVersion(String controllers) throws IOException {
    Files.writeString(root.resolve("cgroup.controllers"), controllers);
    Files.createFile(root.resolve("cgroup.subtree_control"));
  }

  /** The kernel's files go with their directory. */
  private static void emptyAsTheKernelDoes(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void shouldBoundProcessesByTheFirstVersion() throws Exception {
    firstVersion();
    Path directory = root.resolve("cpu/bench");

    CpuGroup group = CpuGroup.create(root, "bench");
    group.add(4711);
    group.limit(25);

    assertThat(directory.resolve("cgroup.procs")).hasContent("4711");
    assertThat(directory.resolve("cpu.cfs_period_us")).hasContent("100000");
    assertThat(directory.resolve("cpu.cfs_quota_us")).hasContent("25000");

    group.unlimited();
    assertThat(directory.resolve("cpu.cfs_quota_us")).hasContent("-1");

    emptyAsTheKernelDoes(directory);
    group.close();
    assertThat(directory).doesNotExist();
    group.close();
  }

  @Test
  void shouldBoundProcessesByTheSecondVersion() throws Exception {
    secondVersion("cpuset cpu io memory");
    Path directory = root.resolve("bench");

    CpuGroup group = CpuGroup.create(root, "bench");
    group.add(4711);
    group.limit(150);

    assertThat(root.resolve("cgroup.subtree_control")).hasContent("+cpu");
    assertThat(directory.resolve("cgroup.procs")).hasContent("4711");
    assertThat(directory.resolve("cpu.max")).hasContent("150000 100000");

    group.unlimited();
    assertThat(directory.resolve("cpu.max")).hasContent("max 100000");

    emptyAsTheKernelDoes(directory);
    group.close();
    assertThat(directory).doesNotExist();
  }

  @Test
  void shouldRefuseAMachineWithoutGroups() {
    assertThatThrownBy(() -> CpuGroup.create(root, "bench"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("are not in " + root)
        .hasMessageNotContaining("\n");
  }

  @Test
  void shouldRefuseASecondVersionWithoutCpu() throws Exception {
    secondVersion("cpuset io memory");

    assertThatThrownBy(() -> CpuGroup.create(root, "bench"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("are not in " + root);
  }

  @Test
  void shouldRefuseGroupsThatCannotBeWritten() throws Exception {
    // Whoever runs the tests may write anywhere, but not into a file as if it were a directory.
    secondVersion("cpu");
    Files.delete(root.resolve("cgroup.subtree_control"));
    Files.createDirectory(root.resolve("cgroup.subtree_control"));

    assertThatThrownBy(() -> CpuGroup.create(root, "bench"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("can't be written in " + root)
        .hasMessageNotContaining("\n");
    assertThat(root.resolve("bench")).doesNotExist();
  }

  @Test
  void shouldRefuseAFirstVersionInWhichNoGroupCanBeMade() throws Exception {
    firstVersion();
    Files.createFile(root.resolve("cpu/bench"));

    assertThatThrownBy(() -> CpuGroup.create(root, "bench"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("can't be written in " + root);
  }

  @Test
  void shouldTellOfAQuotaThatCannotBeSet() throws Exception {
    firstVersion();
    CpuGroup group = CpuGroup.create(root, "bench");
    group.close();

    for (Runnable change :
        List.<Runnable>of(() -> group.limit(25), group::unlimited, () -> group.add(1))) {
      assertThatThrownBy(change::run)
          .isInstanceOf(BenchFailure.class)
          .hasMessageContaining("The CPU quota can't be set");
    }
  }

  @Test
  void shouldNotKeepQuietAboutAGroupThatStays() throws Exception {
    firstVersion();
    CpuGroup group = CpuGroup.create(root, "bench");
    group.add(4711);

    assertThatThrownBy(group::close)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("bench");
  }
}
