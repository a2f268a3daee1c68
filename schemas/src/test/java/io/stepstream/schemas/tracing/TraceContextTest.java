package io.stepstream.schemas.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

  private static final String TRACE = "5759e988bd862e3fe1be46a994272793";
  private static final String SPAN = "53995c3f42cd8ad8";
  private static final String STANDARD =
      "arn:aws:states:us-east-1:111111111111:execution:machine:name";
  private static final String EXPRESS =
      "arn:aws:states:us-east-1:111111111111:express:machine:name:uuid";

  @Test
  void shouldReadAndWriteBothForms() {
    TraceContext context =
        TraceContext.ofXRay(
            "Root=1-5759e988-bd862e3fe1be46a994272793;"
                + " Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a87bd80c:0");
    assertThat(context).isEqualTo(new TraceContext(TRACE, SPAN, true));
    assertThat(context.traceParent()).isEqualTo("00-" + TRACE + "-" + SPAN + "-01");
    assertThat(TraceContext.ofTraceParent(context.traceParent())).isEqualTo(context);
    assertThat(TraceContext.ofXRay(context.xRay())).isEqualTo(context);
    assertThat(TraceContext.ofXRay("Root=1-5759e988-bd862e3fe1be46a994272793"))
        .isEqualTo(new TraceContext(TRACE, null, null));
    assertThat(TraceContext.ofTraceParent("01-" + TRACE + "-" + SPAN + "-00-more"))
        .isEqualTo(new TraceContext(TRACE, SPAN, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Root=1-trace",
        "Sampled=1",
        "=;=",
        "Root=1-00000000-000000000000000000000000",
        "Root=2-5759e988-bd862e3fe1be46a994272793"
      })
  void shouldTakeNoTraceFromAnythingElseOfXRays(String header) {
    assertThat(TraceContext.ofXRay(header)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8",
        "00-5759E988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01",
        "ff-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01",
        "00-00000000000000000000000000000000-53995c3f42cd8ad8-01",
        "00-5759e988bd862e3fe1be46a994272793-0000000000000000-01",
        "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01-more"
      })
  void shouldTakeNoTraceFromAnythingElseOfTheW3Cs(String value) {
    assertThat(TraceContext.ofTraceParent(value)).isNull();
  }

  @Test
  void shouldFollowFromTheExecutionAndItsEventsAlone() {
    ExecutionTrace one = new ExecutionTrace(STANDARD, null);
    ExecutionTrace again = new ExecutionTrace(STANDARD, null);
    assertThat(one.execution(0)).isEqualTo(again.execution(0)).isNotEqualTo(one.execution(1));
    assertThat(one.visit(2)).isEqualTo(again.visit(2));
    assertThat(one.attempt(2, 3)).isEqualTo(again.attempt(2, 3));

    // a trace for each visit, with its attempts in it
    assertThat(Set.of(one.execution(0).traceId(), one.visit(2).traceId(), one.visit(5).traceId()))
        .hasSize(3);
    assertThat(one.attempt(2, 3).traceId()).isEqualTo(one.visit(2).traceId());
    assertThat(TraceContext.ofTraceParent(one.attempt(2, 3).traceParent()))
        .isEqualTo(one.attempt(2, 3));

    ExecutionTrace express = new ExecutionTrace(EXPRESS, null);
    assertThat(express.visit(2).traceId()).isEqualTo(express.execution(0).traceId());
    assertThat(express.visit(2).spanId()).isNotEqualTo(express.visit(5).spanId());
  }

  @Test
  void shouldBelongToTheTraceOfWhoeverHasStartedIt() {
    String header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0";
    assertThat(new ExecutionTrace(STANDARD, header).execution(0).traceId()).isEqualTo(TRACE);
    assertThat(new ExecutionTrace(STANDARD, header).visit(2).traceId()).isNotEqualTo(TRACE);
    assertThat(new ExecutionTrace(EXPRESS, header).visit(2).traceId()).isEqualTo(TRACE);
    assertThat(new ExecutionTrace(STANDARD, header).isRefused()).isTrue();
    assertThat(new ExecutionTrace(STANDARD, "Root=1-trace").isRefused()).isFalse();
    assertThat(new ExecutionTrace(STANDARD, "Root=1-trace").caller()).isNull();
  }

  @Test
  void shouldChooseAShareOfExecutionsTheSameEachTime() {
    Set<String> chosen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      if (new Sampling(0.1).includes(STANDARD + i)) {
        chosen.add(STANDARD + i);
      }
    }
    assertThat(chosen.size()).isBetween(850, 1_150);
    assertThat(chosen).allMatch(arn -> new Sampling(0.1).includes(arn));
    // who is in a share is in each larger one
    assertThat(chosen).allMatch(arn -> new Sampling(0.5).includes(arn));
    assertThat(new Sampling(1).includes(STANDARD)).isTrue();
    assertThat(Sampling.NONE.includes(STANDARD)).isFalse();
    assertThatThrownBy(() -> new Sampling(1.5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sampling(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
  }
}
