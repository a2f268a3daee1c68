package io.stepstream.coordinator.access;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.schemas.configured.UnusableFile;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;

/** Permissions for tests of other packages. */
public final class TestPermissions {

  private TestPermissions() {}

  /** As the file of policies says. */
  public static Permissions of(String json) {
    try {
      Policies policies = Policies.of(new ObjectMapper().readTree(json));
      return Permissions.of(() -> policies);
    } catch (IOException | UnusableFile e) {
      throw new IllegalArgumentException(e);
    }
  }

  /**
   * A key that is the same in every class loader.
   *
   * @param id of twelve letters
   */
  public static ApiKey key(String id) {
    return Objects.requireNonNull(ApiKey.read("ssk_" + id + "_" + "s".repeat(43)));
  }

  /** A user with a name. */
  public static Caller user(String name) {
    return Caller.user(Caller.Kind.API_KEY, "111111111111", name, Set.of(), "key");
  }
}
