package io.stepstream.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.stepstream.schemas.TaskOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskSpansTest {

  private static final String TRACE = "5759e988bd862e3fe1be46a994272793";
  private static final String PARENT = "00-" + TRACE + "-53995c3f42cd8ad8-01";
  private static final Outcome DONE = new Outcome.Succeeded("1".getBytes(UTF_8));

  private final List<SpanData> exported = new ArrayList<>();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder()
          .addSpanProcessor(
              SimpleSpanProcessor.create(
                  new SpanExporter() {
                    @Override
                    public CompletableResultCode export(Collection<SpanData> spans) {
                      exported.addAll(spans);
                      return CompletableResultCode.ofSuccess();
                    }

                    @Override
                    public CompletableResultCode flush() {
                      return CompletableResultCode.ofSuccess();
                    }

                    @Override
                    public CompletableResultCode shutdown() {
                      return CompletableResultCode.ofSuccess();
                    }
                  }))
          .build();
  private final TaskSpans spans = new TaskSpans(provider.get("test"));
  private final TaskOrder order = Orders.ofFunction("echo", "1").build();

  @AfterEach
  void close() {
    provider.close();
  }

  private static ConsumerRecord<byte[], byte[]> record(@Nullable String traceParent) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("stepstream.tasks.q", 0, 0, null, new byte[0]);
    if (traceParent != null) {
      record.headers().add("traceparent", traceParent.getBytes(UTF_8));
    }
    return record;
  }

  @Test
  void shouldPutASpanOfTheAttemptsTraceAroundTheHandler() {
    List<@Nullable String> told = new ArrayList<>();
    Outcome outcome =
        spans.around(
            record(PARENT),
            order,
            traceParent -> {
              told.add(traceParent);
              assertThat(Span.current().getSpanContext().getTraceId()).isEqualTo(TRACE);
              return DONE;
            });

    assertThat(outcome).isSameAs(DONE);
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
    SpanData span = exported.getFirst();
    assertThat(exported).hasSize(1);
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo("53995c3f42cd8ad8");
    assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(span.getAttributes().get(AttributeKey.stringKey("stepstream.execution.arn")))
        .isEqualTo(order.getExecutionArn());
    assertThat(told).containsExactly("00-" + TRACE + "-" + span.getSpanId() + "-01");
  }

  @Test
  void shouldTellWhatWentWrongWithoutItsCause() {
    spans.around(record(PARENT), order, _ -> new Outcome.Failed("Bad", "a secret"));
    assertThatThrownBy(
            () ->
                spans.around(
                    record(PARENT),
                    order,
                    _ -> {
                      throw new IllegalStateException("a bug");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(exported).hasSize(2);
    assertThat(exported.getFirst().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(exported.getFirst().getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("Bad");
    assertThat(exported.toString()).doesNotContain("a secret");
  }

  @Test
  void shouldRecordNothingOfWhatIsNotTraced() {
    List<@Nullable String> told = new ArrayList<>();
    spans.around(record(null), order, traceParent -> add(told, traceParent));
    spans.around(record("nonsense"), order, traceParent -> add(told, traceParent));
    String unsampled = PARENT.substring(0, PARENT.length() - 1) + "0";
    spans.around(record(unsampled), order, traceParent -> add(told, traceParent));
    new TaskSpans(null).around(record(PARENT), order, traceParent -> add(told, traceParent));

    assertThat(told).containsExactly(null, null, unsampled, PARENT);
    assertThat(exported).isEmpty();
  }

  private static Outcome add(List<@Nullable String> told, @Nullable String traceParent) {
    told.add(traceParent);
    return DONE;
  }
}
