package io.stepstream.loadtests.faults;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Looks into a JVM of this machine: its heap through JMX, everything else by what Linux tells of
 * it. Not thread safe.
 */
final class Probe implements AutoCloseable {

  private final Path process;
  private final JMXConnector connector;
  private final MemoryMXBean memory;

  private Probe(Path process, JMXConnector connector, MemoryMXBean memory) {
    this.process = process;
    this.connector = connector;
    this.memory = memory;
  }

  /**
   * @throws RunFailure if it can't be looked into
   */
  static Probe attach(long pid) {
    try {
      VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
      try {
        JMXConnector connector =
            JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        MemoryMXBean memory =
            ManagementFactory.getPlatformMXBean(
                connector.getMBeanServerConnection(), MemoryMXBean.class);
        return new Probe(Path.of("/proc", String.valueOf(pid)), connector, memory);
      } finally {
        machine.detach();
      }
    } catch (IOException | AttachNotSupportedException e) {
      throw new RunFailure("process %d can't be looked into: %s".formatted(pid, e));
    }
  }

  /** Bytes that a full collection leaves. */
  long heapAfterCollection() {
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  /** Bytes. */
  long resident() {
    return status("VmRSS") * 1_024;
  }

  /** Those that the JVM and native code have made. */
  long threads() {
    return status("Threads");
  }

  private long status(String name) {
    try (Stream<String> lines = Files.lines(process.resolve("status"))) {
      return lines
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("Linux doesn't tell " + name));
    } catch (IOException e) {
      throw new UncheckedIOException("reading the status of " + process, e);
    }
  }

  /** Open files, sockets and pipes. */
  long descriptors() {
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException("reading the descriptors of " + process, e);
    }
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException _) {
      // The process has ended.
    }
  }
}
