package io.stepstream.worker.app;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while orders are acquired on all queues. */
@Readiness
@Singleton
final class WorkerReadiness implements HealthCheck {

  private final WorkerApplication application;

  WorkerReadiness(WorkerApplication application) {
    this.application = application;
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("worker");
    return application
        .worker()
        .map(
            worker ->
                response
                    .withData("queues", String.join(", ", worker.queues()))
                    .withData("handlers", String.join(", ", worker.handlers()))
                    .withData("running", worker.running())
                    .withData("completed", worker.completed())
                    .status(worker.isReady())
                    .build())
        .orElseGet(() -> response.withData("enabled", false).up().build());
  }
}
