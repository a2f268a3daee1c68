package io.stepstream.loadtests;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What a broker in this process has received and sent, as a line of text. The sockets' own counters
 * are read: those of topics leave out offsets, acknowledgements, transactions and the protocol.
 */
final class BrokerWire {

  private static final String WORD = "wire ";

  /** One per network thread of the clients' listener; they outlive their connections. */
  private static final String SOCKETS =
      "kafka.server:type=socket-server-metrics,listener=CLIENT,networkProcessor=*";

  private BrokerWire() {}

  static String line() throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    Set<ObjectName> sockets = server.queryNames(new ObjectName(SOCKETS), null);
    double received = 0;
    double sent = 0;
    for (ObjectName each : sockets) {
      received += (double) server.getAttribute(each, "incoming-byte-total");
      sent += (double) server.getAttribute(each, "outgoing-byte-total");
    }
    return String.format(Locale.ROOT, "%s%.0f %.0f", WORD, received, sent);
  }

  /**
   * @throws BenchFailure if it is not such a line
   */
  static WireBytes parse(String line) {
    String[] numbers =
        line.startsWith(WORD) ? line.substring(WORD.length()).split(" ") : new String[0];
    try {
      if (numbers.length == 2) {
        return new WireBytes(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
      }
    } catch (NumberFormatException _) {
      // Falls through: whatever this is, nobody here wrote it.
    }
    throw new BenchFailure("The broker's process doesn't tell its bytes but: " + line);
  }
}
