package io.stepstream.coordinator.access;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Whose tokens are accepted, {@code stepstream.security.oidc.*}. */
public interface OidcConfig {

  /**
   * The provider's issuer, as in its tokens; its keys are found by {@code
   * /.well-known/openid-configuration}.
   */
  Optional<String> issuer();

  /** For whom tokens must be; required with an issuer, or any token of the provider's would do. */
  Optional<String> audience();

  /** The claim that names the user. */
  @WithDefault("sub")
  String userClaim();

  /** The claim that lists the user's groups. */
  @WithDefault("groups")
  String groupsClaim();

  /**
   * Before the names of users and groups, so that nobody can be called at the provider as somebody
   * is in the files of keys.
   */
  @WithDefault("oidc:")
  String prefix();

  /**
   * As whom this installation is registered at the provider. With it the console lets people log in
   * there; without, their tokens are accepted all the same.
   */
  Optional<String> clientId();

  /** The client's secret; without one it is registered as a public client, and PKCE must do. */
  Optional<Path> clientSecretFile();

  /** What is asked of the provider at a login, separated by spaces; {@code openid} among it. */
  @WithDefault("openid")
  String scopes();

  /** What the login's button calls the provider; without it the issuer's host. */
  Optional<String> name();
}
