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
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * Runs one worker with all handlers that are beans or services, from the start of the application
 * to its end.
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
            .handlers(handlers());
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
   * Beans are known when the application is built; jars that are put on its class path later offer
   * theirs as services.
   *
   * @throws java.util.ServiceConfigurationError a service can't be made; names it
   */
  private List<TaskHandler> handlers() {
    // Not by the thread's loader: Quarkus' knows of the services only that were there at the build.
    var services = ServiceLoader.load(TaskHandler.class, TaskHandler.class.getClassLoader());
    return Stream.concat(handlers.stream(), services.stream().map(ServiceLoader.Provider::get))
        .toList();
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
