package io.stepstream.dev.cli;

import io.stepstream.dev.Refusal;
import io.stepstream.dev.doctor.Installation;
import io.stepstream.schemas.acl.Component;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where an installation is, and as whom to ask it. */
final class InstallationOptions {

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--as",
      paramLabel = "COMPONENT",
      description =
          "Compares the rights of that file's user with what ${COMPLETION-CANDIDATES} needs.")
  private @Nullable Component component;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description =
          "A coordinator's API, such as http://127.0.0.1:8333; may be repeated. With an API key in"
              + " STEPSTREAM_API_KEY if it asks for one.")
  private List<String> endpoints = List.of();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The directory whose disk is looked at (default: the temporary directory).")
  private @Nullable Path dataDirectory;

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description = "The state directory of a coordinator on this machine.")
  private @Nullable Path stateDirectory;

  /** Whether there is neither a cluster nor a node to look at. */
  boolean nameNothing() {
    return cluster.bootstrapServers() == null && endpoints.isEmpty();
  }

  /**
   * @throws Refusal when a file can't be read or an endpoint is none
   */
  Installation installation() throws Refusal {
    return installation(cluster.bootstrapServers());
  }

  Installation installation(@Nullable String servers) throws Refusal {
    List<URI> uris = new ArrayList<>();
    for (String endpoint : endpoints) {
      uris.add(uri(endpoint));
    }
    return new Installation(
        servers,
        cluster.client(),
        component,
        uris,
        System.getenv("STEPSTREAM_API_KEY"),
        dataDirectory == null ? Path.of(System.getProperty("java.io.tmpdir")) : dataDirectory,
        stateDirectory);
  }

  private static URI uri(String endpoint) throws Refusal {
    try {
      URI uri = URI.create(endpoint);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Refused below, like everything else that is no address.
    }
    throw new Refusal(
        "--endpoint is '" + endpoint + "', which is no URL",
        "Give scheme, host and port, for example http://127.0.0.1:8333");
  }
}
