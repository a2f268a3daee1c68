package io.stepstream.coordinator.gate;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.stepstream.coordinator.access.FakeProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An application that people log in to at a provider, and in no other way: {@code ada} of the
 * provider may list machines, and whoever is in its group {@code ops} may do everything.
 */
public final class ProviderProfile implements QuarkusTestProfile {

  private static final String CLIENT = "console";
  private static final String SECRET = "the client's secret";

  @Override
  public Map<String, String> getConfigOverrides() {
    try {
      Path directory = Files.createTempDirectory("stepstream-provider");
      return Map.of(
          "stepstream.security.oidc.audience",
          "stepstream",
          "stepstream.security.oidc.client-id",
          CLIENT,
          "stepstream.security.oidc.client-secret-file",
          file(directory, "secret", SECRET + "\n"),
          "stepstream.security.oidc.name",
          "Our <b>provider</b>",
          "stepstream.security.policies-file",
          file(
              directory,
              "policies.json",
              """
              {"groups": {"oidc:ops": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
               "users": {"oidc:ada": [
                 {"Effect": "Allow", "Action": "states:ListStateMachines", "Resource": "*"}]}}
              """),
          "stepstream.security.node-keys-file",
          file(directory, "node.keys", "n".repeat(64)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String file(Path directory, String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(Provider.class));
  }

  /** Runs as long as the application. */
  public static final class Provider implements QuarkusTestResourceLifecycleManager {

    private @Nullable FakeProvider fake;

    @Override
    public Map<String, String> start() {
      try {
        fake = new FakeProvider(CLIENT, SECRET, false, InstantSource.system());
        return Map.of("stepstream.security.oidc.issuer", fake.issuer());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void stop() {
      Objects.requireNonNull(fake).close();
    }
  }
}
