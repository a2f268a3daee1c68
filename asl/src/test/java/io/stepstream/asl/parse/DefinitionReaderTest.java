package io.stepstream.asl.parse;

import static io.stepstream.asl.parse.Definitions.accepted;
import static io.stepstream.asl.parse.Definitions.jsonata;
import static io.stepstream.asl.parse.Definitions.machine;
import static io.stepstream.asl.parse.Definitions.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.ErrorHandling.Retrier;
import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.source.DefinitionProblem;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the records of an accepted definition hold. */
class DefinitionReaderTest {

  @Test
  void shouldNameFlowsByTheirJsonPointers() {
    StateMachine machine =
        accepted(
            machine(
                "'StartAt': 'Ship/it', 'States': {'Ship/it': {'Type': 'Parallel', 'Next': 'Lines',"
                    + " 'Branches': [{'StartAt': 'A', 'States': {'A': {'Type': 'Succeed'}}}]},"
                    + " 'Lines': {'Type': 'Map', 'End': true, 'Iterator': {'StartAt': 'B',"
                    + " 'States': {'B': {'Type': 'Succeed'}}}}}"));

    Flow root = machine.flow();
    State.Parallel parallel = (State.Parallel) root.state("Ship/it");
    State.MapState map = (State.MapState) root.state("Lines");
    assertThat(root.pointer()).isEmpty();
    assertThat(root.states().keySet()).containsExactly("Ship/it", "Lines");
    assertThat(parallel.branches().getFirst().pointer()).isEqualTo("/States/Ship~1it/Branches/0");
    assertThat(map.processor().pointer()).isEqualTo("/States/Lines/Iterator");
  }

  @Test
  void shouldFillInDefaultsOfRetriers() {
    State.Task task =
        (State.Task)
            accepted(
                    state(
                        "'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke', 'End':"
                            + " true, 'Retry': [{'ErrorEquals': ['E']}, {'ErrorEquals':"
                            + " ['States.ALL'], 'IntervalSeconds': 5, 'MaxAttempts': 0,"
                            + " 'BackoffRate': 1.5, 'MaxDelaySeconds': 60, 'JitterStrategy':"
                            + " 'FULL'}]"))
                .flow()
                .state("X");

    assertThat(task.errorHandling().retriers())
        .containsExactly(
            new Retrier(List.of("E"), 1, 3, 2.0, null, false),
            new Retrier(List.of("States.ALL"), 5, 0, 1.5, 60, true));
    assertThat(task.transition()).isEqualTo(new Transition.End());
    assertThat(task.timeoutSeconds()).isNull();
  }

  @Test
  void shouldKeepStaticResultAsItIs() {
    State.Pass pass =
        (State.Pass)
            accepted(state("'Type': 'Pass', 'End': true, 'Result': {'a': [null, 1.5, true]}"))
                .flow()
                .state("X");

    assertThat(pass.result()).isEqualTo(Map.of("a", List.of(Json.NULL, 1.5, true)));
    assertThat(pass.data()).isInstanceOf(DataFlow.JsonPath.class);
  }

  @Test
  void shouldParseDistributedMap() {
    State.MapState map =
        (State.MapState)
            accepted(
                    state(
                        "'Type': 'Map', 'End': true, 'Label': 'L', 'ToleratedFailurePercentage':"
                            + " 2.5, 'ItemReader': {'Resource': 'arn:aws:states:::s3:getObject',"
                            + " 'Parameters': {'Bucket.$': '$.b', 'Key': 'k'}, 'ReaderConfig':"
                            + " {'InputType': 'JSON', 'MaxItemsPath': '$.max'}}, 'ItemBatcher':"
                            + " {'MaxItemsPerBatch': 5}, 'ItemProcessor': {'ProcessorConfig':"
                            + " {'Mode': 'DISTRIBUTED', 'ExecutionType': 'EXPRESS'}, 'StartAt':"
                            + " 'A', 'States': {'A': {'Type': 'Succeed'}}}"))
                .flow()
                .state("X");

    assertThat(map.distributed())
        .satisfies(
            distributed -> {
              assertThat(distributed.express()).isTrue();
              assertThat(distributed.label()).isEqualTo("L");
              assertThat(distributed.itemReader()).isNotNull();
              assertThat(distributed.itemBatcher()).isNotNull();
              assertThat(distributed.resultWriter()).isNull();
              assertThat(distributed.toleratedFailurePercentage()).isNotNull();
            });
  }

  @Test
  void shouldGiveStatesTheLanguageOfTheMachineUnlessTheySayOtherwise() {
    StateMachine machine =
        accepted(
            machine(
                "'StartAt': 'A', 'States': {'A': {'Type': 'Parallel', 'QueryLanguage': 'JSONata',"
                    + " 'Branches': [{'StartAt': 'B', 'States': {'B': {'Type': 'Succeed'}}}],"
                    + " 'End': true}}"));

    State.Parallel parallel = (State.Parallel) machine.flow().state("A");
    assertThat(machine.queryLanguage()).isEqualTo(QueryLanguage.JSON_PATH);
    assertThat(parallel.queryLanguage()).isEqualTo(QueryLanguage.JSONATA);
    assertThat(parallel.branches().getFirst().state("B").queryLanguage())
        .isEqualTo(QueryLanguage.JSON_PATH);
  }

  @Test
  void shouldReadTheSameMachineFromYaml() {
    String yaml =
        """
        StartAt: Pause
        TimeoutSeconds: 60
        States:
          Pause:
            Type: Wait
            Timestamp: 2024-02-29T00:00:00Z
            Next: Done
          Done:
            Type: Pass
            Result: &shared {yes: no, n: ~}
            Comment: >-
              folded
              text
            End: true
        """;

    DefinitionResult result = DefinitionReader.read(yaml, Format.YAML, MachineType.STANDARD);

    assertThat(result)
        .isInstanceOfSatisfying(
            DefinitionResult.Parsed.class,
            parsed -> {
              assertThat(parsed.machine().timeoutSeconds()).isEqualTo(60);
              assertThat(((State.Pass) parsed.machine().flow().state("Done")).result())
                  .isEqualTo(Map.of("yes", "no", "n", Json.NULL));
            });
  }

  @ParameterizedTest
  @EnumSource
  void shouldPointAtTheLineOfEachProblem(Format format) {
    String text =
        """
        {
          "StartAt": "A",
          "States": {
            "A": {
              "Type": "Pass",
              "InputPath": "x",
              "Next": "B"
            },
            "C": {
              "Type": "Succeed",
              "Retry": []
            }
          }
        }
        """;

    assertThat(DefinitionReader.read(text, format, MachineType.STANDARD).problems())
        .extracting(DefinitionProblem::pointer, DefinitionProblem::line, DefinitionProblem::column)
        .containsExactly(
            tuple("/States/A/InputPath", 6, 20),
            tuple("/States/C/Retry", 11, 7),
            tuple("/States/A/Next", 7, 15),
            tuple("/States/C", 9, 5));
  }

  @Test
  void shouldTellWhereTextIsNoJson() {
    assertThat(DefinitionReader.read("{\n  oops", Format.JSON, MachineType.STANDARD))
        .isInstanceOfSatisfying(
            DefinitionResult.Rejected.class,
            rejected ->
                assertThat(rejected.message())
                    .startsWith("Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: ")
                    .contains("was expecting double-quote to start field name")
                    .endsWith("at line 2, column 3'"));
  }

  @Test
  void shouldTellWhichVariablesStatesRead() {
    StateMachine machine =
        accepted(
            jsonata(
                "'Type': 'Pass', 'End': true, 'Output': '{% $b + $a %}', 'Assign': {'c': '{%"
                    + " $states.input %}'}"));

    assertThat(VariableReferences.of(machine)).isEqualTo(Map.of("X", Set.of("a", "b")));
  }
}
