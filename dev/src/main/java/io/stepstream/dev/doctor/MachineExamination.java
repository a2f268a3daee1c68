package io.stepstream.dev.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JDK and the disks of this machine. */
final class MachineExamination {

  private static final long LITTLE_SPACE = 1L << 30;
  private static final int NEEDED_RELEASE = 25;

  /** As the alert: behind it compaction of RocksDB has no room. */
  private static final double FULL = 0.8;

  private final Installation installation;

  MachineExamination(Installation installation) {
    this.installation = installation;
  }

  Examination examination() {
    return new Examination("machine", this::findings);
  }

  private List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(jdk());
    findings.add(disk(installation.directory()));
    Path state = installation.stateDirectory();
    if (state != null) {
      findings.add(state(state));
    }
    return findings;
  }

  private static Finding jdk() {
    Runtime.Version version = Runtime.version();
    String home = System.getProperty("java.home");
    return version.feature() >= NEEDED_RELEASE
        ? Finding.ok("jdk", home, version.toString())
        : Finding.fault("jdk", home, version.toString(), "Install a JDK 25");
  }

  private static Finding disk(Path directory) {
    Path existing = existing(directory);
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      String text = "%.1f GB free".formatted(free / 1e9);
      if (!Files.isWritable(existing)) {
        return Finding.fault(
            "disk", existing.toString(), "it can't be written to", "Choose another --data-dir");
      }
      return free >= LITTLE_SPACE
          ? Finding.ok("disk", existing.toString(), text)
          : Finding.warning("disk", existing.toString(), text + ", which is little", "Free some");
    } catch (IOException e) {
      return Finding.unknown("disk", existing.toString(), "it can't be examined", e.getMessage());
    }
  }

  private static Finding state(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Finding.fault(
          "state", directory.toString(), "there is no such directory", "Check --state-dir");
    }
    try {
      FileStore store = Files.getFileStore(directory);
      double used = 1 - (double) store.getUsableSpace() / store.getTotalSpace();
      String text = "%.0f %% of its disk are used".formatted(used * 100);
      if (!Files.isWritable(directory)) {
        return Finding.fault(
            "state",
            directory.toString(),
            "it can't be written to by this user",
            "Run as the coordinator's user, or give it the directory");
      }
      return used < FULL
          ? Finding.ok("state", directory.toString(), text)
          : Finding.warning(
                  "state",
                  directory.toString(),
                  text,
                  "Enlarge the volume; what is in it can be rebuilt from Kafka")
              .with(Runbook.STATE_DIRECTORY_FULL);
    } catch (IOException e) {
      return Finding.unknown("state", directory.toString(), "it can't be examined", e.getMessage());
    }
  }

  private static Path existing(Path directory) {
    Path existing = directory.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    return existing;
  }
}
