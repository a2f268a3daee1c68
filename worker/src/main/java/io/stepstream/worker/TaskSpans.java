package io.stepstream.worker;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.tracing.TraceContext;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A span around each handler whose order has a context, current for OpenTelemetry's API while the
 * handler runs. Orders without one cost a look at their headers.
 */
final class TaskSpans {

  private final @Nullable Tracer tracer;

  /**
   * @param tracer null: handlers are told the context, and nothing is recorded
   */
  TaskSpans(@Nullable Tracer tracer) {
    this.tracer = tracer;
  }

  /**
   * Runs a handler.
   *
   * @param handler takes the context to go on with, in W3C's form; null: there is none
   */
  Outcome around(
      ConsumerRecord<byte[], byte[]> record,
      TaskOrder order,
      Function<@Nullable String, Outcome> handler) {
    Header header = record.headers().lastHeader(TraceContext.TRACE_PARENT);
    TraceContext attempt =
        header == null || header.value() == null
            ? null
            : TraceContext.ofTraceParent(new String(header.value(), StandardCharsets.US_ASCII));
    if (attempt == null) {
      return handler.apply(null);
    }
    if (tracer == null || !Boolean.TRUE.equals(attempt.sampled())) {
      return handler.apply(attempt.traceParent());
    }
    SpanContext parent =
        SpanContext.createFromRemoteParent(
            attempt.traceId(), attempt.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
    Span span =
        tracer
            .spanBuilder(order.getStateName() + " handler")
            .setParent(Context.root().with(Span.wrap(parent)))
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute("messaging.system", "kafka")
            .setAttribute("messaging.destination.name", record.topic())
            .setAttribute("messaging.operation.type", "process")
            .setAttribute("stepstream.execution.arn", order.getExecutionArn())
            .setAttribute("aws.step_functions.state_machine.arn", order.getStateMachineArn())
            .setAttribute("stepstream.state.name", order.getStateName())
            .setAttribute("stepstream.resource", order.getResource())
            .setAttribute("stepstream.retry_count", order.getRetryCount())
            .startSpan();
    SpanContext own = span.getSpanContext();
    try (Scope _ = span.makeCurrent()) {
      Outcome outcome =
          handler.apply(new TraceContext(own.getTraceId(), own.getSpanId(), true).traceParent());
      if (outcome instanceof Outcome.Failed(String error, String _)) {
        span.setStatus(StatusCode.ERROR);
        span.setAttribute("error.type", String.valueOf(error));
      }
      return outcome;
    } finally {
      span.end();
    }
  }
}
