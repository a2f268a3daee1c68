package io.stepstream.coordinator.ops;

import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Ready when all parts are; the report names those that are not. */
@Singleton
@org.eclipse.microprofile.health.Readiness
final class ReadinessChecks implements HealthCheck {

  private final List<Readiness> parts;

  ReadinessChecks(@All List<Readiness> parts) {
    this.parts = parts;
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("stepstream").up();
    for (Readiness part : parts) {
      boolean ready = part.isReady();
      response.withData(part.name(), ready ? "ready" : "not ready");
      part.details().forEach((key, value) -> response.withData(part.name() + ": " + key, value));
      if (!ready) {
        response.down();
      }
    }
    return response.build();
  }
}
