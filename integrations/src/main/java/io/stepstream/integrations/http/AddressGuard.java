package io.stepstream.integrations.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Decides where a call may lead. The HTTP client asks it for the addresses of a host each time it
 * connects and connects to one of the answer, so that no other look-up comes between the judgement
 * and the connection.
 *
 * @param allowed what may be reached whatever it is
 * @param everywhere whether public addresses may be reached besides
 * @param lookup where addresses of a host come from
 */
record AddressGuard(List<Network> allowed, boolean everywhere, Lookup lookup)
    implements DnsResolver {

  interface Lookup {
    InetAddress[] of(String host) throws UnknownHostException;
  }

  /** The host is known, but nobody may go there. */
  static final class Refused extends UnknownHostException {

    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * What is not the public Internet (RFC 6890 and its successors): this machine, private and shared
   * networks, link-local addresses, among them those by which clouds hand out credentials, what has
   * no single receiver, and IPv6 addresses that hold one of IPv4.
   */
  private static final List<Network> NOT_PUBLIC =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "224.0.0.0/4",
              "240.0.0.0/4",
              "::/96",
              "64:ff9b::/96",
              "64:ff9b:1::/48",
              "2001::/32",
              "2002::/16",
              "fc00::/7",
              "fe80::/10",
              "fec0::/10",
              "ff00::/8")
          .map(Network::parse)
          .toList();

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] permitted =
        Arrays.stream(lookup.of(host)).filter(this::permits).toArray(InetAddress[]::new);
    if (permitted.length == 0) {
      throw refused(host);
    }
    return permitted;
  }

  /**
   * For a client that looks the host up again.
   *
   * @throws Refused some address of the host may not be reached
   */
  void requireAll(String host) throws UnknownHostException {
    if (!Arrays.stream(lookup.of(host)).allMatch(this::permits)) {
      throw refused(host);
    }
  }

  private Refused refused(String host) {
    return new Refused(
        everywhere
            ? "'%s' is not on the public Internet. The worker's setting stepstream.http.allowed-networks lets calls reach further networks."
                .formatted(host)
            : "'%s' is in none of the networks that the worker's setting stepstream.http.allowed-networks lists, and elsewhere only https may be spoken."
                .formatted(host));
  }

  private boolean permits(InetAddress address) {
    return allowed.stream().anyMatch(network -> network.contains(address))
        || everywhere && NOT_PUBLIC.stream().noneMatch(network -> network.contains(address));
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
