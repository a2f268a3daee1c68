package io.stepstream.coordinator.ops;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Which version answers: the first question of every report about a fault. */
@Path("/api/info")
final class InfoResource {

  /**
   * What is running.
   *
   * @param java of the runtime
   */
  public record Info(String name, String version, String java) {}

  private final String version;

  InfoResource(@ConfigProperty(name = "quarkus.application.version") String version) {
    this.version = version;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Info info() {
    return new Info("stepstream", version, Runtime.version().toString());
  }
}
