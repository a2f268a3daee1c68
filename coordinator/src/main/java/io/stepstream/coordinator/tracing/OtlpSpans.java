package io.stepstream.coordinator.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.stepstream.schemas.tracing.TraceContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hands spans to OpenTelemetry's SDK, which sends them to a collector in batches. What its bounded
 * queue has no room for is lost; nobody waits. For one thread.
 */
final class OtlpSpans implements Consumer<FinishedSpan>, AutoCloseable {

  private static final int MOST_WAITING = 16_384;
  private static final Duration LONGEST_EXPORT = Duration.ofSeconds(10);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

  private final NextIds ids = new NextIds();
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  /** Spans have the ids that follow from the history, not any. */
  private static final class NextIds implements IdGenerator {

    private TraceContext next;

    @Override
    public String generateSpanId() {
      return next.spanId();
    }

    @Override
    public String generateTraceId() {
      return next.traceId();
    }
  }

  /**
   * @param endpoint of OTLP over HTTP, with its path
   * @throws IllegalArgumentException it is none
   */
  static OtlpSpans to(String endpoint) {
    return new OtlpSpans(
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint)
            .setTimeout(LONGEST_EXPORT)
            .setCompression("gzip")
            .build());
  }

  OtlpSpans(SpanExporter exporter) {
    this.provider =
        SdkTracerProvider.builder()
            .setIdGenerator(ids)
            .setSampler(Sampler.alwaysOn())
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.builder()
                                .put("service.name", "stepstream")
                                .put("service.namespace", "stepstream")
                                .build())))
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter)
                    .setMaxQueueSize(MOST_WAITING)
                    .setScheduleDelay(Duration.ofSeconds(1))
                    .setExporterTimeout(LONGEST_EXPORT)
                    .build())
            .build();
    this.tracer = provider.get("io.stepstream.coordinator");
  }

  @Override
  public void accept(FinishedSpan span) {
    ids.next = span.context();
    SpanBuilder builder =
        tracer
            .spanBuilder(span.name())
            .setSpanKind(
                switch (span.kind()) {
                  case EXECUTION, VISIT -> SpanKind.INTERNAL;
                  case ATTEMPT -> SpanKind.PRODUCER;
                })
            .setStartTimestamp(span.start());
    if (span.parent() == null) {
      builder.setNoParent();
    } else {
      builder.setParent(Context.root().with(Span.wrap(context(span.parent()))));
    }
    span.links().forEach(link -> builder.addLink(context(link)));
    span.attributes().forEach(builder::setAttribute);
    Span started = builder.startSpan();
    if (span.error() != null) {
      started.setAttribute("error.type", span.error());
      started.setStatus(StatusCode.ERROR);
    }
    started.end(span.end());
  }

  private static SpanContext context(TraceContext context) {
    return SpanContext.createFromRemoteParent(
        context.traceId(), context.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
  }

  @Override
  public void close() {
    provider.shutdown().join(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
