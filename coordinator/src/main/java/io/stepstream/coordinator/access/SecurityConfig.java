package io.stepstream.coordinator.access;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Who is let in, {@code stepstream.security.*}. Without any keys everybody is, on this machine. */
public interface SecurityConfig {

  /** Access keys for AWS's clients, which sign their requests. */
  Optional<Path> accessKeysFile();

  /** API keys, for what can't sign: browsers, scrapers, {@code curl}. */
  Optional<Path> apiKeysFile();

  /** Tokens of an OpenID provider. */
  OidcConfig oidc();

  /** Who may do what. Required with any keys: nobody may do anything that isn't written there. */
  Optional<Path> policiesFile();

  /** Secrets that the nodes share, one on each line. Required with any keys. */
  Optional<Path> nodeKeysFile();

  /** How long a session of the console lasts. */
  @WithDefault("8h")
  @WithConverter(DurationConverter.class)
  Duration sessionLifetime();

  /** Whether the session's cookie is for HTTPS only: set it where TLS ends before the node. */
  @WithDefault("false")
  boolean secureCookies();

  /** How long the body of a request may take: before it is there nobody knows who sends it. */
  @WithDefault("30s")
  @WithConverter(DurationConverter.class)
  Duration bodyPatience();

  /** Calls per second that one user may make of one node, on average. */
  @WithDefault("1000")
  int requestsPerSecond();

  /** Calls that one user may make at once after a rest. */
  @WithDefault("2000")
  int requestBurst();
}
