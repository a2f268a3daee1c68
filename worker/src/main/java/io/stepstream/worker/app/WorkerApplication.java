package io.stepstream.worker.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * Runs one worker with all handlers that are beans, from the start of the application to its end.
 */
@Singleton
final class WorkerApplication {

  private final WorkerConfig settings;
  private final Config config;
  private final Instance<TaskHandler> handlers;
  private final MeterRegistry meters;

  private @Nullable StepstreamWorker worker;
  private @Nullable SchemaRegistry registry;
  private @Nullable SpanExport spans;

  WorkerApplication(Config config, @Any Instance<TaskHandler> handlers, MeterRegistry meters) {
    this.settings = WorkerConfig.of(config);
    this.config = config;
    this.handlers = handlers;
    this.meters = meters;
  }

  void start(@Observes StartupEvent event) {
    if (!settings.enabled()) {
      return;
    }
    SchemaRegistry schemas =
        settings.registryUrl().map(SchemaRegistry::at).orElseGet(SchemaRegistry::bundled);
    registry = schemas;
    var observer = new WorkerMeters(meters, settings.queues());
    var builder =
        StepstreamWorker.builder()
            .bootstrapServers(settings.bootstrapServers())
            .clientProperties(settings.kafka())
            .queues(settings.queues().toArray(String[]::new))
            .permits(settings.permits())
            .source(settings.source())
            .linger(settings.linger())
            .lanes(settings.lanes(), settings.maximumLanes())
            .schemaRegistry(schemas)
            .payloadKeys(PayloadKeys.configured(settings.encryptionKeysFile()))
            .observer(observer)
            .handlers(handlers.stream().toList());
    if (settings.tracingEndpoint().isPresent()) {
      spans = SpanExport.to(settings.tracingEndpoint().get());
      builder.tracer(spans.tracer());
    }
    settings.pool().ifPresent(builder::pool);
    config
        .getOptionalValue("quarkus.application.version", String.class)
        .ifPresent(builder::version);
    worker = builder.build().start();
    observer.watch(worker);
  }

  /**
   * Early, so that in a process which holds a coordinator too the last results are still taken note
   * of.
   */
  void stop(@Observes @Priority(1) ShutdownEvent event) {
    if (worker != null) {
      worker.close(settings.drain());
    }
    if (spans != null) {
      spans.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  /** Empty when the worker is switched off. */
  Optional<StepstreamWorker> worker() {
    return Optional.ofNullable(worker);
  }
}
