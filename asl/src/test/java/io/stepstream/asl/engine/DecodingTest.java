package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.json.Json;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.simulation.InMemoryRows;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step decodes a payload at most once, however many expressions look at it. */
class DecodingTest {

  private static final String EXECUTION_INPUT = "{\"order\":{\"id\":\"o-1\"}}";

  private final InMemoryRows rows = new InMemoryRows();

  /** How often the latest step has decoded each text. */
  private final Map<String, Integer> decoded = new HashMap<>();

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"StartAt":"A","States":{
          "A":{"Type":"Pass","Parameters":{"first.$":"$$.Execution.Input.order","second.$":"$$.Execution.Input"},"ResultPath":"$.a","Next":"B"},
          "B":{"Type":"Choice","Choices":[{"Variable":"$$.Execution.Input.order.id","IsPresent":true,"Next":"C"}]},
          "C":{"Type":"Pass","Parameters":{"third.$":"$$.Execution.Input.order.id","whole.$":"$"},"End":true}}}\
        """,
        """
        {"QueryLanguage":"JSONata","StartAt":"A","States":{
          "A":{"Type":"Pass","Output":{"first":"{% $states.context.Execution.Input.order %}","second":"{% $states.input %}"},"Next":"B"},
          "B":{"Type":"Choice","Choices":[{"Condition":"{% $exists($states.context.Execution.Input.order.id) %}","Next":"C"}]},
          "C":{"Type":"Pass","Output":"{% $merge([$states.input, $states.context.Execution.Input]) %}","End":true}}}\
        """
      })
  void shouldDecodeTheExecutionInputOnceWhileStatesPassThrough(String definition) {
    Decision decision = step(machine(definition), started());

    assertThat(decision.effects().getLast()).isInstanceOf(Effect.Close.class);
    assertThat(decoded).isEqualTo(Map.of(EXECUTION_INPUT, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"StartAt":"A","States":{
          "A":{"Type":"Pass","Result":{"b":1},"Assign":{"v":{"c":2}},"Next":"T"},
          "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f",
            "ResultSelector":{"r.$":"$.d","i.$":"$$.Execution.Input.order","v.$":"$v.c"},"ResultPath":"$.t","Assign":{"w.$":"$v"},"Next":"P"},
          "P":{"Type":"Pass","Parameters":{"i.$":"$$.Execution.Input","t.$":"$.t","w.$":"$w"},"End":true}}}\
        """,
        """
        {"QueryLanguage":"JSONata","StartAt":"A","States":{
          "A":{"Type":"Pass","Output":{"b":1},"Assign":{"v":{"c":2}},"Next":"T"},
          "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f",
            "Output":{"r":"{% $states.result.d %}","i":"{% $states.context.Execution.Input.order %}","b":"{% $states.input.b + $v.c %}"},
            "Assign":{"w":"{% $v %}"},"Next":"P"},
          "P":{"Type":"Pass","Output":{"i":"{% $states.context.Execution.Input %}","w":"{% $w %}"},"End":true}}}\
        """
      })
  void shouldDecodeEachRowAndTheResultOnceWhenATaskSucceeds(String definition) {
    Machine machine = machine(definition);
    Effect.Dispatch task = task(step(machine, started()));
    assertThat(decoded).isEqualTo(Map.of(EXECUTION_INPUT, 1));

    Decision decision = step(machine, succeeded(task, "{\"d\":3}"));

    assertThat(decision.effects().getLast()).isInstanceOf(Effect.Close.class);
    assertThat(decoded)
        .isEqualTo(
            Map.of(EXECUTION_INPUT, 1, "{\"b\":1}", 1, "{\"v\":{\"c\":2}}", 1, "{\"d\":3}", 1));
  }

  @Test
  void shouldDecodeTheInputOnceWhenItIsTheFirstStatesAsWellAsTheExecutions() {
    Machine machine =
        machine(
            """
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f",
              "ResultSelector":{"i.$":"$$.Execution.Input"},"ResultPath":"$.t","End":true}}}\
            """);
    Effect.Dispatch task = task(step(machine, started()));

    step(machine, succeeded(task, "{\"d\":3}"));

    assertThat(decoded).isEqualTo(Map.of(EXECUTION_INPUT, 1, "{\"d\":3}", 1));
  }

  @Test
  void shouldNotDecodeWhatNoExpressionLooksAt() {
    Machine machine =
        machine(
            """
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","HeartbeatSeconds":5,"End":true}}}\
            """);
    Effect.Dispatch task = task(step(machine, started()));

    step(machine, new Event.TaskHeartbeat(task.frameId(), task.epoch()));

    assertThat(decoded).isEmpty();
  }

  private Decision step(Machine machine, Event event) {
    decoded.clear();
    Payload payload =
        new Payload(
            bytes -> {
              decoded.merge(new String(bytes, StandardCharsets.UTF_8), 1, Integer::sum);
              return Json.decode(bytes);
            });
    StepContext context =
        new StepContext(
            1_800_000_000_000L, "us-east-1", Limits.DEFAULT, TaskTokens.unprotected(), _ -> true);
    Decision decision = Engine.step(machine, new Store(rows), event, context, payload);
    assertThat(decision.rejection()).isNull();
    decision.effects().forEach(rows::apply);
    return decision;
  }

  /** As a store does, it gives bytes of its own with every answer. */
  private record Store(InMemoryRows rows) implements ExecutionView {

    @Override
    public @Nullable Execution execution() {
      return rows.execution();
    }

    @Override
    public @Nullable Frame frame(long frameId) {
      return rows.frame(frameId);
    }

    @Override
    public byte @Nullable [] value(ValueKey key) {
      byte[] json = rows.value(key);
      return json == null ? null : json.clone();
    }
  }

  private static Event.Started started() {
    return new Event.Started(
        "arn:aws:states:us-east-1:111111111111:execution:machine:run",
        "run",
        "arn:aws:states:us-east-1:111111111111:stateMachine:machine",
        "arn:aws:iam::111111111111:role/r",
        false,
        1_800_000_000_000L,
        EXECUTION_INPUT.getBytes(StandardCharsets.UTF_8),
        null);
  }

  private static Event succeeded(Effect.Dispatch task, String output) {
    return new Event.TaskSucceeded(
        task.frameId(), task.epoch(), output.getBytes(StandardCharsets.UTF_8));
  }

  private static Effect.Dispatch task(Decision decision) {
    List<Effect.Dispatch> tasks =
        decision.effects().stream()
            .filter(Effect.Dispatch.class::isInstance)
            .map(Effect.Dispatch.class::cast)
            .toList();
    assertThat(tasks).hasSize(1);
    return tasks.getFirst();
  }

  private static Machine machine(String definition) {
    return switch (DefinitionReader.read(definition, Format.JSON, MachineType.STANDARD)) {
      case DefinitionResult.Parsed parsed -> Machine.of(parsed.machine());
      case DefinitionResult.Rejected rejected -> throw new AssertionError(rejected.message());
    };
  }
}
