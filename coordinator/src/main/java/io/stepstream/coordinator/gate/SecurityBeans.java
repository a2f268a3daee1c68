package io.stepstream.coordinator.gate;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.stepstream.coordinator.access.Authenticator;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.access.SecurityConfig;
import io.stepstream.coordinator.api.AwsConfig;
import io.stepstream.coordinator.audit.Audit;
import io.stepstream.coordinator.audit.AuditTrail;
import io.stepstream.coordinator.ops.ConfigMappings;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts together who is let in, and refuses to start where everybody would be. */
@Singleton
final class SecurityBeans {

  private static final Logger LOG = LoggerFactory.getLogger(SecurityBeans.class);

  /** Before the node begins to connect to brokers. */
  private static final int FIRST = 1;

  private final SecurityConfig config;
  private final Optional<Authenticator> authenticator;

  SecurityBeans(AwsConfig aws) {
    this.config = ConfigMappings.of(SecurityConfig.class, "stepstream.security");
    this.authenticator = Authenticator.of(config, aws.account(), InstantSource.system());
  }

  void start(
      @Observes @Priority(FIRST) StartupEvent started,
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = "quarkus.http.http2") boolean http2) {
    if (authenticator.isPresent()) {
      requireHttp1(http2);
      return;
    }
    requireLoopback(host);
    LOG.info(
        "No authentication is configured: whoever reaches {} on this machine may do everything",
        host);
  }

  void stop(@Observes ShutdownEvent stopping) {
    authenticator.ifPresent(Authenticator::close);
  }

  /**
   * @throws IllegalStateException requests of HTTP/2 would be let in, and then fail
   */
  static void requireHttp1(boolean http2) {
    if (http2) {
      throw new IllegalStateException(
          "quarkus.http.http2 is true, which doesn't go with authentication: leave it out, and let"
              + " a proxy speak HTTP/2");
    }
  }

  /**
   * @throws IllegalStateException others reach the address
   */
  static void requireLoopback(String host) {
    if (!isLoopback(host)) {
      throw new IllegalStateException(
          "quarkus.http.host is %s, which other machines reach, and no authentication is configured: anybody could do everything. Set stepstream.security.access-keys-file or stepstream.security.api-keys-file (docs/security.md), or listen on 127.0.0.1"
              .formatted(host));
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }

  @Produces
  @Singleton
  SecurityConfig config() {
    return config;
  }

  @Produces
  @Singleton
  Optional<Authenticator> authenticator() {
    return authenticator;
  }

  @Produces
  @Singleton
  Permissions permissions() {
    return authenticator.map(Authenticator::permissions).orElseGet(Permissions::open);
  }

  /** The events' way to Kafka is opened by the first one: refusals come before a node is there. */
  @Produces
  @Singleton
  AuditTrail trail(Instance<Audit> audit, AwsConfig aws) {
    return authenticator.isEmpty()
        ? AuditTrail.none()
        : new AuditTrail(
            event -> audit.get().record(event),
            aws.region(),
            aws.account(),
            InstantSource.system());
  }
}
