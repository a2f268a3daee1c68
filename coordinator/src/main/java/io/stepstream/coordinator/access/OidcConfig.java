package io.stepstream.coordinator.access;

import io.smallrye.config.WithDefault;
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
}
