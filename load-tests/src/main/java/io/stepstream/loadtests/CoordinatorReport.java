package io.stepstream.loadtests;

import io.stepstream.coordinator.node.CoordinatorNode;
import io.stepstream.coordinator.ops.Readiness;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What a coordinator's process tells of itself, as a line of text.
 *
 * @param running whether all its lanes work: partitions are assigned and restored
 * @param sent records of all its producers since it began
 * @param threadNanos CPU time of both lanes' stream threads since they began
 */
record CoordinatorReport(boolean running, long sent, long threadNanos) {

  private static final String WORD = "coordinator ";
  private static final String PRODUCERS = "kafka.producer:type=producer-metrics,client-id=*";

  /** The clients' own threads have the stream thread's name as a part of theirs. */
  private static final Pattern STREAM_THREAD =
      Pattern.compile("stepstream-(standard|express)-.*-StreamThread-\\d+");

  /** Of this process. */
  static CoordinatorReport of(CoordinatorNode node) {
    return new CoordinatorReport(
        node.readiness().stream().allMatch(Readiness::isReady), recordsSent(), threadsCpu());
  }

  private static long recordsSent() {
    try {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      double sent = 0;
      for (ObjectName producer : server.queryNames(new ObjectName(PRODUCERS), null)) {
        sent += (double) server.getAttribute(producer, "record-send-total");
      }
      return Math.round(sent);
    } catch (JMException e) {
      throw new IllegalStateException("every producer counts what it sends", e);
    }
  }

  private static long threadsCpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      // A thread may have ended meanwhile.
      if (thread != null && STREAM_THREAD.matcher(thread.getThreadName()).matches()) {
        nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return nanos;
  }

  String line() {
    return WORD + running + " " + sent + " " + threadNanos;
  }

  /**
   * @throws BenchFailure if it is not such a line
   */
  static CoordinatorReport parse(String line) {
    String[] words =
        line.startsWith(WORD) ? line.substring(WORD.length()).split(" ") : new String[0];
    try {
      if (words.length == 3 && (words[0].equals("true") || words[0].equals("false"))) {
        return new CoordinatorReport(
            words[0].equals("true"), Long.parseLong(words[1]), Long.parseLong(words[2]));
      }
    } catch (NumberFormatException _) {
      // Falls through: whatever this is, nobody here wrote it.
    }
    throw new BenchFailure("A coordinator's process doesn't tell of itself but: " + line);
  }
}
