package io.stepstream.dev.stack;

import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The worker of the embedded stack: serves every handler that is a bean. */
@Singleton
final class EmbeddedWorker {
  /** A stop of the whole stack must be over within 10 s. */
  private static final Duration DRAIN = Duration.ofSeconds(3);

  private final StepstreamWorker worker;

  EmbeddedWorker(
      @ConfigProperty(name = "stepstream.kafka.bootstrap.servers") String bootstrapServers,
      @All List<TaskHandler> handlers) {
    this.worker =
        StepstreamWorker.builder().bootstrapServers(bootstrapServers).handlers(handlers).build();
  }

  void start(@Observes StartupEvent event) {
    worker.start();
  }

  /** Before the coordinator, so that what has been done is still taken note of. */
  void stop(@Observes @Priority(1) ShutdownEvent event) {
    worker.close(DRAIN);
  }
}
