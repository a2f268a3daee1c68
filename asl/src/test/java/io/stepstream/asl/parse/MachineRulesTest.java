package io.stepstream.asl.parse;

import static io.stepstream.asl.parse.Definitions.errors;
import static io.stepstream.asl.parse.Definitions.machine;
import static io.stepstream.asl.parse.Definitions.read;
import static io.stepstream.asl.parse.Definitions.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.stepstream.asl.source.DefinitionProblem;
import io.stepstream.asl.source.DefinitionProblem.Severity;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that look beyond one state: transitions, names, Express, hints. */
class MachineRulesTest {

  private static List<String> rendered(List<DefinitionProblem> problems) {
    return problems.stream()
        .map(e -> e.code() + ": " + e.message() + " at " + e.location())
        .toList();
  }

  private static String states(String start, String states) {
    return machine("'StartAt': '" + start + "', 'States': {" + states + "}");
  }

  @Test
  void shouldJoinAllErrorsInAwsMessage() {
    DefinitionResult result =
        read(
            states(
                "pass1",
                "'pass1': {'Type': 'Pass', 'Next': 'pass3'}, 'pass2': {'Type': 'Pass', 'End':"
                    + " true}"));

    assertThat(result)
        .isInstanceOfSatisfying(
            DefinitionResult.Rejected.class,
            rejected ->
                assertThat(rejected.message())
                    .isEqualTo(
                        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing"
                            + " 'Next' target: pass3 at /States/pass1/Next,"
                            + " MISSING_TRANSITION_TARGET: State \"pass2\" is not reachable. at"
                            + " /States/pass2'"));
  }

  @Test
  void shouldReportMissingEndWithoutLocationAndNotUnreachableStates() {
    String loop =
        "'A': {'Type': 'Pass', 'Next': 'B'}, 'B': {'Type': 'Pass', 'Next': 'A'}, 'C': {'Type':"
            + " 'Pass', 'Next': 'A'}";

    assertThat(rendered(errors(states("A", loop))))
        .containsExactly("MISSING_END_STATE: Workflow has no terminal state at null");
    assertThat(read(states("A", loop)))
        .isInstanceOfSatisfying(
            DefinitionResult.Rejected.class,
            rejected ->
                assertThat(rejected.message())
                    .isEqualTo(
                        "Invalid State Machine Definition: 'MISSING_END_STATE: Workflow has no"
                            + " terminal state at null'"));
  }

  @Test
  void shouldReportDanglingStartAndEveryStateItLeavesUnreachable() {
    assertThat(rendered(errors(states("Nope", "'A': {'Type': 'Pass', 'End': true}"))))
        .containsExactly(
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Nope at /StartAt",
            "MISSING_TRANSITION_TARGET: State \"A\" is not reachable. at /States/A");
  }

  @Test
  void shouldSayNextForEveryKindOfDanglingTarget() {
    String definition =
        states(
            "C",
            "'C': {'Type': 'Choice', 'Default': 'D', 'Choices': [{'Variable': '$.a', 'IsNull':"
                + " true, 'Next': 'G1'}, {'Variable': '$.a', 'IsNull': false, 'Next': 'T'}]}, 'D':"
                + " {'Type': 'Choice', 'Default': 'G2', 'Choices': [{'Variable': '$.a', 'IsNull':"
                + " true, 'Next': 'T'}]}, 'T': {'Type': 'Parallel', 'End': true, 'Branches':"
                + " [{'StartAt': 'I', 'States': {'I': {'Type': 'Pass', 'Next': 'C'}, 'J':"
                + " {'Type': 'Succeed'}}}], 'Catch': [{'ErrorEquals': ['E'], 'Next': 'G3'}]}");

    assertThat(rendered(errors(definition)))
        .containsExactly(
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: G1 at /States/C/Choices[0]/Next",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: G2 at /States/D/Default",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: G3 at /States/T/Catch[0]/Next",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: C at"
                + " /States/T/Branches[0]/States/I/Next",
            "MISSING_TRANSITION_TARGET: State \"J\" is not reachable. at"
                + " /States/T/Branches[0]/States/J");
  }

  @Test
  void shouldOnlyWarnOfInnerFlowWithoutEnd() {
    DefinitionResult result =
        read(
            state(
                "'Type': 'Map', 'End': true, 'ItemProcessor': {'StartAt': 'A', 'States':"
                    + " {'A': {'Type': 'Pass', 'Next': 'A'}}}"));

    assertThat(result).isInstanceOf(DefinitionResult.Parsed.class);
    assertThat(result.problems())
        .extracting(DefinitionProblem::severity, DefinitionProblem::code)
        .containsExactly(tuple(Severity.WARNING, "MISSING_END_STATE"));
  }

  @Test
  void shouldRefuseNamesThatAreThereTwiceOrTooLong() {
    String longName = "n".repeat(81);
    String inner = "{'StartAt': 'A', 'States': {'A': {'Type': 'Succeed'}}}";
    String definition =
        states(
            "A",
            "'A': {'Type': 'Parallel', 'Branches': ["
                + inner
                + "], 'Next': '"
                + longName
                + "'}, '"
                + longName
                + "': {'Type': 'Succeed'}");

    assertThat(rendered(errors(definition)))
        .containsExactly(
            "DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/Branches[0]/States/A",
            "INVALID_STATE_NAME: State name '"
                + longName
                + "' exceeds the 80-character limit allowed by the service at /States/"
                + longName);
  }

  @Test
  void shouldCountCharactersOfNamesAndNotTheirEncoding() {
    String name = "\uD83D\uDE80".repeat(80);

    assertThat(read(states(name, "'" + name + "': {'Type': 'Succeed'}")))
        .isInstanceOf(DefinitionResult.Parsed.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "arn:aws:states:::states:startExecution.sync | '.sync' service integration",
        "arn:aws:states:::states:startExecution.sync:2 | '.sync' service integration",
        "arn:aws:states:a:1:activity:A | Activity ARN",
      })
  void shouldRefuseInExpressWhatItCannotWaitFor(String resource, String what) {
    String definition = state("'Type': 'Task', 'End': true, 'Resource': '" + resource + "'");

    assertThat(
            rendered(
                DefinitionReader.read(definition, Format.JSON, MachineType.EXPRESS).problems()))
        .containsExactly(
            "SCHEMA_VALIDATION_FAILED: Express state machine does not support "
                + what
                + " at /States/X/Resource");
    assertThat(read(definition)).isInstanceOf(DefinitionResult.Parsed.class);
  }

  @Test
  void shouldTreatExpressChildrenOfDistributedMapAsExpress() {
    String map =
        "'Type': 'Map', 'End': true, 'ItemProcessor': {'ProcessorConfig': {'Mode': 'DISTRIBUTED',"
            + " 'ExecutionType': '%s'}, 'StartAt': 'A', 'States': {'A': {'Type': 'Task', 'End':"
            + " true, 'Resource': 'arn:aws:states:::sqs:sendMessage.waitForTaskToken'}}}";

    assertThat(read(state(map.formatted("STANDARD")))).isInstanceOf(DefinitionResult.Parsed.class);
    assertThat(rendered(errors(state(map.formatted("EXPRESS")))))
        .containsExactly(
            "SCHEMA_VALIDATION_FAILED: Express state machine does not support '.waitForTaskToken'"
                + " service integration  at /States/X/ItemProcessor/States/A/Resource");
    assertThat(
            rendered(
                DefinitionReader.read(
                        state(map.formatted("STANDARD")), Format.JSON, MachineType.EXPRESS)
                    .problems()))
        .contains(
            "SCHEMA_VALIDATION_FAILED: The field 'Mode' with value 'DISTRIBUTED' is not supported"
                + " inside 'EXPRESS' state machines at"
                + " /States/X/ItemProcessor/ProcessorConfig/Mode");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NO_DOLLAR:'Type': 'Pass', 'End': true, 'Parameters': {'a': '$.b'}",
        "PASS_RESULT_IS_STATIC:'Type': 'Pass', 'End': true, 'Result': {'a.$': '$.b'}",
        "NO_PATH:'Type': 'Fail', 'Error': '$.b'",
      })
  void shouldWarnOfTextThatLooksLikeAnExpression(String row) {
    int colon = row.indexOf(':');

    DefinitionResult result = read(state(row.substring(colon + 1)));

    assertThat(result).isInstanceOf(DefinitionResult.Parsed.class);
    assertThat(result.problems())
        .extracting(DefinitionProblem::code)
        .containsExactly(row.substring(0, colon));
  }

  @Test
  void shouldReportEveryProblemOfADefinition() {
    String definition =
        states(
            "A",
            "'A': {'Type': 'Wait', 'Next': 'B'}, 'B': {'Type': 'Pass'}, 'C': {'Type': 'Fail',"
                + " 'Retry': []}");

    assertThat(errors(definition))
        .extracting(DefinitionProblem::pointer)
        .containsExactly("/States/A", "/States/B", "/States/C/Retry", "/States/C");
  }
}
