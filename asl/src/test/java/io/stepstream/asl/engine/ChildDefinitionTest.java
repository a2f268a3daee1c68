package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChildDefinitionTest {

  private static final String MACHINE = "arn:aws:states:us-east-1:1:stateMachine:m";

  private static final String MAP =
      """
      {"Type": "Map", "End": true, %s "ItemProcessor": {
        "ProcessorConfig": %s,
        "StartAt": "%s", "States": {"%3$s": %s}}}
      """;
  private static final String DISTRIBUTED =
      "{\"Mode\": \"DISTRIBUTED\", \"ExecutionType\": \"STANDARD\"}";
  private static final String PASS = "{\"Type\": \"Pass\", \"End\": true}";

  /** A Map in a Map in a Map, the middle one inline. */
  private static final StateMachine DEFINITION =
      machine(
          MAP.formatted(
              "",
              DISTRIBUTED,
              "B",
              MAP.formatted(
                  "",
                  "{\"Mode\": \"INLINE\"}",
                  "C",
                  MAP.formatted(
                      "",
                      DISTRIBUTED,
                      "D",
                      MAP.formatted("\"Label\": \"x\",", DISTRIBUTED, "E", PASS)))));

  private static StateMachine machine(String state) {
    String text = "{\"StartAt\": \"A\", \"States\": {\"A\": " + state + "}}";
    DefinitionResult read =
        DefinitionReader.read(
            text.getBytes(StandardCharsets.UTF_8), Format.JSON, MachineType.STANDARD);
    assertThat(read).isInstanceOf(DefinitionResult.Parsed.class);
    return ((DefinitionResult.Parsed) read).machine();
  }

  @Test
  void shouldFindMapStatesByLabelsThatWereMadeUp() {
    Flow outer = ((State.MapState) DEFINITION.flow().state("A")).processor();
    Flow inline = ((State.MapState) outer.state("B")).processor();
    State.MapState inner = (State.MapState) inline.state("C");
    String outerArn =
        MACHINE
            + '/'
            + MapRunNames.label(
                MACHINE, DEFINITION.flow(), (State.MapState) DEFINITION.flow().state("A"));
    // Its executions are children themselves, and their machine has a label.
    String innerArn = MACHINE + '/' + MapRunNames.label(outerArn, inline, inner);

    assertThat(ChildDefinition.of(DEFINITION, outerArn)).contains(outer);
    assertThat(ChildDefinition.of(DEFINITION, innerArn)).contains(inner.processor());
  }

  @Test
  void shouldFindAMapStateByTheLabelThatItHas() {
    assertThat(ChildDefinition.of(DEFINITION, MACHINE + "/x"))
        .hasValueSatisfying(flow -> assertThat(flow.startAt()).isEqualTo("E"));
  }

  @Test
  void shouldFindNothingByAnotherName() {
    assertThat(ChildDefinition.of(DEFINITION, MACHINE + "/y")).isEmpty();
    assertThat(ChildDefinition.of(DEFINITION, MACHINE)).isEmpty();
  }
}
