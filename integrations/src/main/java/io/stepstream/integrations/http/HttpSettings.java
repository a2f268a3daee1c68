package io.stepstream.integrations.http;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/**
 * What whoever runs the worker decides on.
 *
 * @param allowed {@code stepstream.http.allowed-networks}: what calls may reach besides the public
 *     Internet, over plain http too
 * @param timeout AWS's: the whole call has 60 seconds
 */
record HttpSettings(
    List<Network> allowed, Connections connections, AddressGuard.Lookup lookup, Duration timeout) {

  private static final String PREFIX = "stepstream.http.";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /**
   * @throws IllegalArgumentException a network is none
   */
  static HttpSettings of(Config config) {
    return new HttpSettings(
        config
            .getOptionalValues(PREFIX + "allowed-networks", String.class)
            .orElse(List.of())
            .stream()
            .map(Network::parse)
            .toList(),
        new Connections(
            name -> config.getOptionalValue(PREFIX + "connections." + name, String.class),
            config.getOptionalValue(PREFIX + "connections-dir", String.class).map(Path::of)),
        InetAddress::getAllByName,
        TIMEOUT);
  }
}
