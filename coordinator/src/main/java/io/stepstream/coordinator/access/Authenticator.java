package io.stepstream.coordinator.access;

import io.stepstream.coordinator.access.Authentication.Known;
import io.stepstream.schemas.configured.WatchedFile;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds out who calls. Thread safe. */
public final class Authenticator implements AutoCloseable {

  private static final String BEARER = "Bearer ";

  private final @Nullable WatchedFile<AccessKeys> accessKeys;
  private final @Nullable WatchedFile<ApiKeys> apiKeys;
  private final @Nullable IdentityProvider provider;
  private final @Nullable ProviderLogin providerLogin;
  private final WatchedFile<Policies> policies;
  private final NodeCalls nodeCalls;
  private final Sessions sessions;
  private final InstantSource clock;

  private Authenticator(
      SecurityConfig config,
      Path policiesFile,
      Path nodeKeysFile,
      String account,
      InstantSource clock) {
    this.clock = clock;
    this.accessKeys =
        config
            .accessKeysFile()
            .map(
                file ->
                    new WatchedFile<>(
                        "stepstream.security.access-keys-file",
                        file,
                        json -> AccessKeys.of(json, account),
                        clock))
            .orElse(null);
    this.apiKeys =
        config
            .apiKeysFile()
            .map(
                file ->
                    new WatchedFile<>(
                        "stepstream.security.api-keys-file",
                        file,
                        json -> ApiKeys.of(json, account),
                        clock))
            .orElse(null);
    this.policies =
        new WatchedFile<>("stepstream.security.policies-file", policiesFile, Policies::of, clock);
    this.nodeCalls = new NodeCalls(NodeKeys.read(nodeKeysFile, NodeCalls.PURPOSE), clock);
    this.sessions =
        new Sessions(
            NodeKeys.read(nodeKeysFile, Sessions.PURPOSE), clock, config.sessionLifetime());
    // Last, since it begins to ask.
    this.provider =
        config
            .oidc()
            .issuer()
            .map(issuer -> new IdentityProvider(issuer, config.oidc(), account, clock))
            .orElse(null);
    this.providerLogin =
        provider == null
            ? null
            : config
                .oidc()
                .clientId()
                .map(
                    client ->
                        new ProviderLogin(
                            provider,
                            client,
                            config.oidc(),
                            new LoginAttempts(
                                NodeKeys.read(nodeKeysFile, LoginAttempts.PURPOSE), clock)))
                .orElse(null);
  }

  /**
   * Empty: no keys are configured, so nobody is asked.
   *
   * @param account in the ARNs of users
   * @throws IllegalStateException the configuration is not complete, or a file can't be used
   */
  public static Optional<Authenticator> of(
      SecurityConfig config, String account, InstantSource clock) {
    if (config.oidc().clientId().isPresent() && config.oidc().issuer().isEmpty()) {
      throw new IllegalStateException(
          "stepstream.security.oidc.client-id is set, and needs stepstream.security.oidc.issuer:"
              + " where people log in");
    }
    if (config.accessKeysFile().isEmpty()
        && config.apiKeysFile().isEmpty()
        && config.oidc().issuer().isEmpty()) {
      if (config.policiesFile().isPresent()) {
        throw new IllegalStateException(
            "stepstream.security.policies-file says who may do what, but nobody can show who they"
                + " are: set stepstream.security.access-keys-file,"
                + " stepstream.security.api-keys-file or stepstream.security.oidc.issuer");
      }
      return Optional.empty();
    }
    return Optional.of(
        new Authenticator(
            config,
            required(
                config.policiesFile(),
                "stepstream.security.policies-file",
                "nobody may do anything that isn't written there"),
            required(
                config.nodeKeysFile(),
                "stepstream.security.node-keys-file",
                "nodes sign with it what they hand on to each other"),
            account,
            clock));
  }

  private static Path required(Optional<Path> file, String setting, String why) {
    return file.orElseThrow(
        () ->
            new IllegalStateException(
                "Authentication is configured, and needs %s: %s".formatted(setting, why)));
  }

  public Permissions permissions() {
    Supplier<Policies> current = policies::content;
    return Permissions.of(current);
  }

  public NodeCalls nodeCalls() {
    return nodeCalls;
  }

  /**
   * Who sends this request.
   *
   * @param session the value of the session's cookie; null: there is none
   */
  public Authentication authenticate(SignedRequest request, @Nullable String session) {
    String node = request.header("x-stepstream-node");
    if (node != null) {
      return nodeCalls.verify(node, request.header("x-amz-target"), request.body());
    }
    String authorization = request.header("authorization");
    if (authorization != null && SignatureV4.isClaimedBy(authorization)) {
      return accessKeys == null
          ? Authentication.unrecognized()
          : SignatureV4.verify(request, authorization, accessKeys.content(), clock.instant());
    }
    String key =
        authorization != null && authorization.startsWith(BEARER)
            ? authorization.substring(BEARER.length()).strip()
            : request.header("x-api-key");
    if (key != null) {
      return provider != null && IdentityProvider.isToken(key) ? provider.verify(key) : login(key);
    }
    if (session != null) {
      Caller caller =
          sessions.caller(
              session, apiKeys == null ? null : apiKeys.content(), providerLogin != null);
      return caller == null ? Authentication.unrecognized() : new Known(caller);
    }
    return authorization == null ? Authentication.missing() : Authentication.unrecognized();
  }

  /** Whose API key this is. */
  public Authentication login(String apiKey) {
    Caller caller = apiKeys == null ? null : apiKeys.content().find(apiKey, clock.instant());
    return caller == null ? Authentication.unrecognized() : new Known(caller);
  }

  @Override
  public void close() {
    if (providerLogin != null) {
      providerLogin.close();
    }
    if (provider != null) {
      provider.close();
    }
  }

  /** The cookie's value of a new session of somebody who has shown an API key. */
  public String beginSession(Caller owner) {
    return sessions.begin(owner);
  }

  /**
   * The same of somebody who has logged in at the provider.
   *
   * @return null: they have more groups than go into a cookie
   */
  public @Nullable String beginProviderSession(Caller caller) {
    return sessions.beginOfProvider(caller);
  }

  /** Whether a session begins with an API key. */
  public boolean takesApiKeys() {
    return apiKeys != null;
  }

  /** Empty: the console has no login at a provider. */
  public Optional<ProviderLogin> providerLogin() {
    return Optional.ofNullable(providerLogin);
  }
}
