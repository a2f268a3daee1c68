package io.stepstream.worker.app;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sends spans to a collector in batches. What its bounded queue has no room for is lost; no handler
 * waits.
 */
final class SpanExport implements AutoCloseable {

  private static final int MOST_WAITING = 16_384;
  private static final Duration LONGEST_EXPORT = Duration.ofSeconds(10);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

  private final SdkTracerProvider provider;

  private SpanExport(SdkTracerProvider provider) {
    this.provider = provider;
  }

  /**
   * @param endpoint of OTLP over HTTP, with its path
   * @throws IllegalArgumentException it is none
   */
  static SpanExport to(String endpoint) {
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint)
            .setTimeout(LONGEST_EXPORT)
            .setCompression("gzip")
            .build();
    return new SpanExport(
        SdkTracerProvider.builder()
            // The coordinator has decided: only what is sampled gets here.
            .setSampler(Sampler.alwaysOn())
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.builder()
                                .put("service.name", "stepstream-worker")
                                .put("service.namespace", "stepstream")
                                .build())))
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter)
                    .setMaxQueueSize(MOST_WAITING)
                    .setScheduleDelay(Duration.ofSeconds(1))
                    .setExporterTimeout(LONGEST_EXPORT)
                    .build())
            .build());
  }

  Tracer tracer() {
    return provider.get("io.stepstream.worker");
  }

  @Override
  public void close() {
    provider.shutdown().join(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
