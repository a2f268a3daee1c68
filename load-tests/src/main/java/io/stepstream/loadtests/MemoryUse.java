package io.stepstream.loadtests;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Memory of this process, which is coordinator, worker and load generator in one.
 *
 * @param heapAfterGc bytes that a full collection left
 * @param maxHeap bytes that the heap may have
 * @param resident bytes in all, RocksDB's included; nothing where the system doesn't tell
 */
record MemoryUse(long heapAfterGc, long maxHeap, OptionalLong resident) {

  private static final Path STATUS = Path.of("/proc/self/status");

  static MemoryUse now() {
    System.gc();
    return new MemoryUse(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        Runtime.getRuntime().maxMemory(),
        Files.isReadable(STATUS) ? resident(lines()) : OptionalLong.empty());
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(STATUS);
    } catch (IOException _) {
      return List.of();
    }
  }

  /** Of Linux' status of a process. */
  static OptionalLong resident(List<String> status) {
    return status.stream()
        .filter(line -> line.matches("VmRSS:\\s+\\d+ kB"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst();
  }
}
