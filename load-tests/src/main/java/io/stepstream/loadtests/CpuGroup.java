package io.stepstream.loadtests;

import io.stepstream.dev.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A control group of Linux that bounds the CPU time of the processes in it. The kernel's files
 * appear in a group's directory when it is made, and go with it.
 */
final class CpuGroup implements AutoCloseable {

  /** Where Linux has its control groups. */
  static final Path ROOT = Path.of("/sys/fs/cgroup");

  private static final long PERIOD_MICROS = 100_000;
  private static final Duration LONGEST_REMOVAL = Duration.ofSeconds(5);

  private final Path directory;
  private final Version version;

  private CpuGroup(Path directory, Version version) {
    this.directory = directory;
    this.version = version;
  }

  /** The kernel's two interfaces. */
  private enum Version {
    V1,
    V2
  }

  /**
   * Makes a group without a bound.
   *
   * @param root usually {@link #ROOT}
   * @throws Refusal if there are no control groups for CPU, or they can't be written
   */
  static CpuGroup create(Path root, String name) throws Refusal {
    try {
      if (Files.exists(root.resolve("cpu/cgroup.procs"))) {
        return new CpuGroup(Files.createDirectory(root.resolve("cpu").resolve(name)), Version.V1);
      }
      if (Files.exists(root.resolve("cgroup.controllers"))
          && List.of(Files.readString(root.resolve("cgroup.controllers")).strip().split(" "))
              .contains("cpu")) {
        // Only then does a child have the controller's files.
        Files.writeString(root.resolve("cgroup.subtree_control"), "+cpu");
        return new CpuGroup(Files.createDirectory(root.resolve(name)), Version.V2);
      }
    } catch (IOException e) {
      throw refusal("can't be written in " + root + " (" + e + ")");
    }
    throw refusal("are not in " + root);
  }

  private static Refusal refusal(String problem) {
    return new Refusal(
        "CPU quotas need Linux' control groups for CPU, which " + problem,
        "Run it as root on a machine that has them");
  }

  /** Takes in a process with all its threads. */
  void add(long pid) {
    write("cgroup.procs", String.valueOf(pid));
  }

  /**
   * All processes of the group together get so much CPU time and no more.
   *
   * @param percent of one core
   */
  void limit(int percent) {
    long micros = PERIOD_MICROS * percent / 100;
    switch (version) {
      case V1 -> {
        write("cpu.cfs_period_us", String.valueOf(PERIOD_MICROS));
        write("cpu.cfs_quota_us", String.valueOf(micros));
      }
      case V2 -> write("cpu.max", micros + " " + PERIOD_MICROS);
    }
  }

  void unlimited() {
    switch (version) {
      case V1 -> write("cpu.cfs_quota_us", "-1");
      case V2 -> write("cpu.max", "max " + PERIOD_MICROS);
    }
  }

  private void write(String file, String text) {
    try {
      Files.writeString(directory.resolve(file), text);
    } catch (IOException e) {
      throw new BenchFailure("The CPU quota can't be set: " + e, e);
    }
  }

  /** Removes the group, whose processes must have ended; may be called twice. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + LONGEST_REMOVAL.toNanos();
    while (true) {
      try {
        Files.deleteIfExists(directory);
        return;
      } catch (IOException e) {
        // The kernel counts a process for a moment after its end.
        if (e instanceof DirectoryNotEmptyException || System.nanoTime() > deadline) {
          throw new UncheckedIOException("removing " + directory, e);
        }
        LockSupport.parkNanos(10_000_000);
      }
    }
  }
}
