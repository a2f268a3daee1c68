package io.stepstream.asl.parse;

import static io.stepstream.asl.parse.Definitions.accepted;
import static io.stepstream.asl.parse.Definitions.jsonata;
import static io.stepstream.asl.parse.Definitions.machine;
import static io.stepstream.asl.parse.Definitions.state;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One row per rule: what is refused with which sentence where, and its accepted neighbour. */
class StateRulesTest {

  private static final String SCHEMA = "SCHEMA_VALIDATION_FAILED: ";
  private static final String TASK =
      "'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke', 'End': true";
  private static final String KAFKA_TASK =
      "'Type': 'Task', 'End': true, 'Resource': 'arn:aws:states:::kafka:%s', 'Parameters': %s";
  private static final String PARALLEL =
      "'Type': 'Parallel', 'Branches': [{'StartAt': 'A', 'States': {'A': {'Type': 'Succeed'}}}],"
          + " 'End': true";
  private static final String PROCESSOR = "{'StartAt': 'A', 'States': {'A': {'Type': 'Succeed'}}}";
  private static final String MAP =
      "'Type': 'Map', 'ItemProcessor': " + PROCESSOR + ", 'End': true";
  private static final String DISTRIBUTED =
      "'Type': 'Map', 'End': true, 'ItemProcessor': {'ProcessorConfig': {'Mode': 'DISTRIBUTED',"
          + " 'ExecutionType': 'EXPRESS'}, 'StartAt': 'A', 'States': {'A': {'Type': 'Succeed'}}}";

  static Stream<Arguments> refused() {
    return Stream.of(
        // machine
        row("{}", SCHEMA + "These fields are required: [States, StartAt] at /"),
        row("[]", SCHEMA + "Expected value of type Object at /"),
        row(machine("'StartAt': 'X', 'States': {}"), SCHEMA + "Value cannot be empty at /States"),
        row(
            machine("'StartAt': 'X', 'Version': '2.0', 'States': {'X': {'Type': 'Succeed'}}"),
            SCHEMA + "Value should be one of the following: [1.0] at /Version"),
        row(
            machine("'StartAt': 'X', 'Foo': 1, 'States': {'X': {'Type': 'Succeed'}}"),
            SCHEMA + "Field 'Foo' is not supported at /"),
        row(
            machine("'StartAt': 'X', 'TimeoutSeconds': 0.5, 'States': {'X': {'Type': 'Succeed'}}"),
            SCHEMA + "Expected value of type Integer at /TimeoutSeconds"),
        row(
            machine("'StartAt': 'X', 'States': {'X': {'Type': 'Succeed'}, 'Y': 5}"),
            SCHEMA + "Expected value of type Object at /States/Y"),
        // common fields
        row(
            state("'Type': 'Shell'"),
            SCHEMA
                + "Value should be one of the following: [Task, Pass, Map, Parallel, Choice, Wait,"
                + " Succeed, Fail] at /States/X/Type",
            "MISSING_END_STATE: Workflow has no terminal state at null"),
        row(state("'End': true"), SCHEMA + "These fields are required: [Type] at /States/X"),
        row(
            state("'Type': 'Pass', 'End': true, 'TimeoutSeconds': 5"),
            SCHEMA + "Field 'TimeoutSeconds' is not supported at /States/X"),
        row(
            state("'Type': 'Succeed', 'Comment': 5"),
            SCHEMA + "Expected value of type String at /States/X/Comment"),
        row(
            state(
                "'Type': 'Choice', 'End': true, 'Choices': [{'Variable': '$.a', 'IsNull': true,"
                    + " 'Next': 'X'}]"),
            SCHEMA + "Field 'End' is not supported at /States/X"),
        // transitions
        row(
            state("'Type': 'Pass'"),
            SCHEMA
                + "This object should have only one of the following fields: [Next, End]"
                + " at /States/X",
            "MISSING_END_STATE: Workflow has no terminal state at null"),
        row(
            state("'Type': 'Pass', 'Next': 'X', 'End': true"),
            SCHEMA + "There should only be one of the following fields: [Next, End] at /States/X"),
        row(
            state("'Type': 'Pass', 'End': 'true'"),
            SCHEMA + "Expected value of type Boolean at /States/X/End",
            "MISSING_END_STATE: Workflow has no terminal state at null"),
        // query languages
        row(
            state("'Type': 'Pass', 'End': true, 'Output': 1"),
            SCHEMA
                + "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for"
                + " the 'JSONata' QueryLanguage at /States/X"),
        row(
            jsonata("'Type': 'Pass', 'End': true, 'Result': 1"),
            SCHEMA
                + "The QueryLanguage is set to 'JSONata', but field 'Result' is only supported for"
                + " the 'JSONPath' QueryLanguage at /States/X"),
        row(
            jsonata("'Type': 'Pass', 'End': true, 'QueryLanguage': 'JSONPath'"),
            SCHEMA
                + "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state"
                + " machine at /States/X"),
        row(
            state("'Type': 'Pass', 'End': true, 'QueryLanguage': 'SQL'"),
            SCHEMA
                + "Value should be one of the following: [JSONPath, JSONata]"
                + " at /States/X/QueryLanguage"),
        row(
            state(
                "'Type': 'Map', 'QueryLanguage': 'JSONata', 'End': true, 'ItemProcessor':"
                    + " {'StartAt': 'A', 'States': {'A': {'Type': 'Succeed', 'Output': 1}}}"),
            SCHEMA
                + "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for"
                + " the 'JSONata' QueryLanguage at /States/X/ItemProcessor/States/A"),
        row(
            state(
                "'Type': 'Map', 'End': true, 'ItemProcessor': {'QueryLanguage': 'JSONata',"
                    + " 'StartAt': 'A', 'States': {'A': {'Type': 'Succeed'}}}"),
            SCHEMA + "Field 'QueryLanguage' is not supported at /States/X/ItemProcessor"),
        // Task
        row(
            state("'Type': 'Task', 'End': true"),
            SCHEMA + "These fields are required: [Resource] at /States/X"),
        row(
            state("'Type': 'Task', 'End': true, 'Resource': 'foo:bar'"),
            SCHEMA + "Value is not a valid resource ARN at /States/X/Resource"),
        row(
            state("'Type': 'Task', 'End': true, 'Resource': 'arn:aws:lambda:a:1:function:F:'"),
            SCHEMA + "Value is not a valid resource ARN at /States/X/Resource"),
        row(
            state("'Type': 'Task', 'End': true, 'Resource': 'arn:aws:states:::lambda:invoke.sync'"),
            SCHEMA
                + "The resource provided arn:aws:states:::lambda:invoke.sync is not recognized. The"
                + " value is not a valid resource ARN, or the resource is not available in this"
                + " region. at /States/X/Resource"),
        row(
            state(TASK + ", 'TimeoutSeconds': 0"),
            SCHEMA + "Minimum value is 1 at /States/X/TimeoutSeconds"),
        row(
            state(TASK + ", 'TimeoutSeconds': 100000000"),
            SCHEMA + "Maximum value is 99999999 at /States/X/TimeoutSeconds"),
        row(
            state(TASK + ", 'TimeoutSeconds': '5'"),
            SCHEMA + "Expected value of type Integer at /States/X/TimeoutSeconds"),
        row(
            jsonata(TASK + ", 'TimeoutSeconds': '5'"),
            SCHEMA + "Expected value of type Integer at /States/X/TimeoutSeconds"),
        row(
            state(TASK + ", 'TimeoutSeconds': 5, 'TimeoutSecondsPath': '$.a'"),
            SCHEMA
                + "There should only be one of the following fields: [TimeoutSeconds,"
                + " TimeoutSecondsPath] at /States/X"),
        row(
            state(TASK + ", 'TimeoutSeconds': 5, 'HeartbeatSeconds': 5"),
            SCHEMA
                + "HeartbeatSeconds must be smaller than TimeoutSeconds"
                + " at /States/X/HeartbeatSeconds"),
        row(
            state(TASK + ", 'Credentials': {'Role': 'r'}"),
            SCHEMA + "The field 'RoleArn' is required but was missing at /States/X/Credentials"),
        row(
            state(TASK + ", 'Credentials': 'r'"),
            SCHEMA + "Expected value of type Object at /States/X/Credentials"),
        // Wait
        row(
            state("'Type': 'Wait', 'End': true"),
            SCHEMA
                + "This object should have only one of the following fields: [SecondsPath, Seconds,"
                + " TimestampPath, Timestamp] at /States/X"),
        row(
            state("'Type': 'Wait', 'End': true, 'Seconds': 1, 'SecondsPath': '$.a'"),
            SCHEMA
                + "There should only be one of the following fields: [SecondsPath, Seconds,"
                + " TimestampPath, Timestamp] at /States/X"),
        row(
            state("'Type': 'Wait', 'End': true, 'Seconds': -1"),
            SCHEMA + "Minimum value is 0 at /States/X/Seconds"),
        row(
            state("'Type': 'Wait', 'End': true, 'Timestamp': '2024-02-30T00:00:00Z'"),
            SCHEMA + "String does not match RFC3339 timestamp at /States/X/Timestamp"),
        row(
            state("'Type': 'Wait', 'End': true, 'Timestamp': '{% $now() %}'"),
            SCHEMA + "String does not match RFC3339 timestamp at /States/X/Timestamp"),
        // Fail
        row(
            state("'Type': 'Fail', 'Error': 'E', 'ErrorPath': '$.e'"),
            SCHEMA
                + "There should only be one of the following fields: [Error, ErrorPath]"
                + " at /States/X"),
        row(
            state("'Type': 'Fail', 'Cause': {}"),
            SCHEMA + "Expected value of type String at /States/X/Cause"),
        // Parallel
        row(
            state("'Type': 'Parallel', 'End': true, 'Branches': []"),
            SCHEMA + "Value cannot be empty at /States/X/Branches"),
        row(
            state("'Type': 'Parallel', 'End': true, 'Branches': [[]]"),
            SCHEMA + "Expected value of type Object at /States/X/Branches[0]"),
        row(
            state("'Type': 'Parallel', 'End': true, 'Branches': [{'StartAt': 'A'}]"),
            SCHEMA + "These fields are required: [States] at /States/X/Branches[0]"),
        // Map
        row(
            state("'Type': 'Map', 'End': true"),
            SCHEMA
                + "This object should have only one of the following fields: [ItemProcessor,"
                + " Iterator] at /States/X"),
        row(
            state(MAP + ", 'MaxConcurrency': -1"),
            SCHEMA + "Minimum value is 0 at /States/X/MaxConcurrency"),
        row(
            state(MAP + ", 'MaxConcurrencyPath': '$$.Execution.Input.n'"),
            SCHEMA + "Value is not a Reference Path at /States/X/MaxConcurrencyPath"),
        row(
            state(MAP + ", 'ItemSelector': {}, 'Parameters': {}"),
            SCHEMA
                + "There should only be one of the following fields: [ItemSelector, Parameters]"
                + " at /States/X"),
        row(
            jsonata(MAP + ", 'Items': 'abc'"),
            SCHEMA + "Expected value of type Array at /States/X/Items"),
        row(
            state(DISTRIBUTED.replace(", 'ExecutionType': 'EXPRESS'", "")),
            SCHEMA
                + "These fields are required: [ExecutionType]"
                + " at /States/X/ItemProcessor/ProcessorConfig"),
        row(
            state(DISTRIBUTED + ", 'ToleratedFailurePercentage': 100.5"),
            SCHEMA + "Maximum value is 100.0 at /States/X/ToleratedFailurePercentage"),
        row(
            state(DISTRIBUTED + ", 'Label': 'a b'"),
            "INVALID_LABEL_NAME: Label contains invalid character: ' ' at /States/X/Label"),
        row(
            state(
                DISTRIBUTED
                    + ", 'ItemReader': {'Resource': 'arn:aws:states:::s3:getObject',"
                    + " 'ReaderConfig': {'InputType': 'CSV'}}"),
            SCHEMA
                + "The field 'CSVHeaderLocation' is required but was missing"
                + " at /States/X/ItemReader/ReaderConfig"),
        row(
            state(DISTRIBUTED + ", 'ItemReader': {'Resource': 'arn:aws:states:::s3:copy'}"),
            SCHEMA
                + "The field 'Resource' does not match any of the allowed values"
                + " at /States/X/ItemReader/Resource"),
        row(
            state(DISTRIBUTED + ", 'ResultWriter': {}"),
            SCHEMA + "These fields are required: [Resource] at /States/X/ResultWriter"),
        row(
            state(DISTRIBUTED + ", 'ItemBatcher': {'BatchInput': 1}"),
            SCHEMA
                + "At least one of the following fields is required: [MaxItemsPerBatch,"
                + " MaxInputBytesPerBatch] at /States/X/ItemBatcher"),
        // Kafka
        row(
            state(KAFKA_TASK.formatted("write", "{}")),
            SCHEMA
                + "The resource provided arn:aws:states:::kafka:write is not recognized. The value"
                + " is not a valid resource ARN, or the resource is not available in this region."
                + " at /States/X/Resource"),
        row(
            state(KAFKA_TASK.formatted("read.waitForTaskToken", "{'Topic': 't'}")),
            SCHEMA
                + "The resource provided arn:aws:states:::kafka:read.waitForTaskToken is not"
                + " recognized. The value is not a valid resource ARN, or the resource is not"
                + " available in this region. at /States/X/Resource"),
        row(
            state(
                KAFKA_TASK.formatted(
                    "publish", "{'Topic.$': '$.t', 'Value': 1, 'BootstrapServers': 'h:1'}")),
            SCHEMA
                + "kafka:publish has no argument 'BootstrapServers', but: Connection, Headers, Key,"
                + " KeyFormat, KeySchemaId, Partition, Timestamp, Topic, Value, ValueFormat,"
                + " ValueSchemaId at /States/X/Parameters"),
        row(
            state(KAFKA_TASK.formatted("publish", "{'Topic': 't'}")),
            SCHEMA + "The field 'Value' is required but was missing at /States/X/Parameters"),
        row(
            jsonata(
                "'Type': 'Task', 'End': true, 'Resource': 'arn:aws:states:::kafka:read',"
                    + " 'Arguments': {'FromOfset': 1}"),
            SCHEMA
                + "kafka:read has no argument 'FromOfset', but: Connection, FromOffset,"
                + " FromOffsets, FromTimestamp, KeyFormat, MaxRecords, MaxWaitSeconds, Partition,"
                + " Partitions, ToOffset, ToOffsets, ToTimestamp, Topic, ValueFormat at"
                + " /States/X/Arguments",
            SCHEMA + "The field 'Topic' is required but was missing at /States/X/Arguments"),
        row(
            state(
                DISTRIBUTED
                    + ", 'ItemReader': {'Resource': 'arn:aws:states:::kafka:read',"
                    + " 'ReaderConfig': {'InputType': 'CSV'}}"),
            SCHEMA + "These fields are required: [Parameters] at /States/X/ItemReader",
            SCHEMA + "Field 'InputType' is not supported at /States/X/ItemReader/ReaderConfig"),
        row(
            state(
                DISTRIBUTED
                    + ", 'ItemReader': {'Resource': 'arn:aws:states:::kafka:read',"
                    + " 'Parameters': {'Topic': 't', 'MaxRecords': 5}}"),
            SCHEMA
                + "kafka:read has no argument 'MaxRecords', but: Connection, FromOffset,"
                + " FromOffsets, FromTimestamp, KeyFormat, Partition, Partitions, ToOffset,"
                + " ToOffsets, ToTimestamp, Topic, ValueFormat at /States/X/ItemReader/Parameters"),
        row(
            state(
                DISTRIBUTED
                    + ", 'ResultWriter': {'Resource': 'arn:aws:states:::kafka:publish',"
                    + " 'Parameters': {'Connection': 'c', 'Key': 'k'},"
                    + " 'WriterConfig': {'OutputType': 'JSONL'}}"),
            SCHEMA
                + "kafka:publish as a ResultWriter has no argument 'Key', but: Connection, Headers,"
                + " Topic at /States/X/ResultWriter/Parameters",
            SCHEMA
                + "The field 'Topic' is required but was missing"
                + " at /States/X/ResultWriter/Parameters",
            SCHEMA + "Field 'OutputType' is not supported at /States/X/ResultWriter/WriterConfig",
            SCHEMA
                + "These fields are required: [Transformation]"
                + " at /States/X/ResultWriter/WriterConfig"),
        row(
            state(DISTRIBUTED + ", 'ResultWriter': {'Resource': 'arn:aws:states:::kafka:publish'}"),
            SCHEMA + "These fields are required: [Parameters] at /States/X/ResultWriter"),
        // Retry and Catch
        row(
            state(TASK + ", 'Retry': [{'IntervalSeconds': 1}]"),
            SCHEMA + "These fields are required: [ErrorEquals] at /States/X/Retry[0]"),
        row(
            state(TASK + ", 'Retry': [{'ErrorEquals': []}]"),
            SCHEMA + "Value cannot be empty at /States/X/Retry[0]/ErrorEquals"),
        row(
            state(TASK + ", 'Retry': [{'ErrorEquals': ['States.ALL', 'E']}]"),
            SCHEMA
                + "States.ALL must appear alone and at end of list"
                + " at /States/X/Retry[0]/ErrorEquals"),
        row(
            state(TASK + ", 'Retry': [{'ErrorEquals': ['States.ALL']}, {'ErrorEquals': ['E']}]"),
            SCHEMA
                + "States.ALL must appear alone and at end of list"
                + " at /States/X/Retry[0]/ErrorEquals"),
        row(
            state(TASK + ", 'Retry': [{'ErrorEquals': ['E'], 'BackoffRate': 0.9}]"),
            SCHEMA + "Minimum value is 1.0 at /States/X/Retry[0]/BackoffRate"),
        row(
            state(TASK + ", 'Retry': [{'ErrorEquals': ['E'], 'MaxAttempts': -1}]"),
            SCHEMA + "Minimum value is 0 at /States/X/Retry[0]/MaxAttempts"),
        row(
            state(TASK + ", 'Retry': [{'ErrorEquals': ['E'], 'MaxDelaySeconds': 31622401}]"),
            SCHEMA + "Maximum value is 31622400 at /States/X/Retry[0]/MaxDelaySeconds"),
        row(
            state(TASK + ", 'Retry': [{'ErrorEquals': ['E'], 'JitterStrategy': 'HALF'}]"),
            SCHEMA
                + "Value should be one of the following: [NONE, FULL]"
                + " at /States/X/Retry[0]/JitterStrategy"),
        row(
            state(TASK + ", 'Retry': [{'ErrorEquals': ['E'], 'Next': 'X'}]"),
            SCHEMA + "Field 'Next' is not supported at /States/X/Retry[0]"),
        row(
            state(TASK + ", 'Catch': [{'ErrorEquals': ['E']}]"),
            SCHEMA + "These fields are required: [Next] at /States/X/Catch[0]"),
        row(
            state(TASK + ", 'Catch': [{'ErrorEquals': ['E'], 'Next': 'X', 'Output': 1}]"),
            SCHEMA
                + "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for"
                + " the 'JSONata' QueryLanguage at /States/X/Catch[0]"),
        // variables
        row(
            state("'Type': 'Pass', 'End': true, 'Assign': {'states': 1}"),
            "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'."
                + " at /States/X/Assign/states"),
        row(
            state("'Type': 'Pass', 'End': true, 'Assign': {'a-b': 1}"),
            "INVALID_VARIABLE_NAME: Invalid variable name 'a-b': the variable name contains invalid"
                + " characters. at /States/X/Assign/a-b"),
        row(
            state("'Type': 'Pass', 'End': true, 'Assign': 5"),
            SCHEMA + "Expected value of type Object at /States/X/Assign"),
        row(
            state(
                PARALLEL.replace("'Succeed'", "'Pass', 'End': true, 'Assign': {'v': 1}")
                    + ", 'Assign': {'v': 1}"),
            "INVALID_VARIABLE_NAME: Variable 'v' is assigned in an outer scope and cannot be"
                + " assigned here at /States/X/Branches[0]/States/A/Assign/v"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void shouldRefuseWithAwsSentenceAndLocation(String definition, String[] expected) {
    assertThat(Definitions.errors(definition))
        .as(definition)
        .extracting(e -> e.code() + ": " + e.message() + " at " + e.location())
        .containsExactly(expected);
  }

  static Stream<String> allowed() {
    return Stream.of(
        machine("'StartAt': 'X', 'TimeoutSeconds': 0, 'States': {'X': {'Type': 'Succeed'}}"),
        machine("'StartAt': 'X', 'Version': '1.0', 'States': {'X': {'Type': 'Succeed'}}"),
        state("'Type': 'Pass', 'End': true, 'QueryLanguage': 'JSONata', 'Output': 1"),
        state(TASK + ", 'TimeoutSeconds': 99999999, 'HeartbeatSeconds': 99999998"),
        jsonata(TASK + ", 'TimeoutSeconds': '{% $states.input.t %}'"),
        state(TASK + ", 'Credentials': {'RoleArn.$': '$.role'}"),
        state("'Type': 'Task', 'End': true, 'Resource': 'arn:aws:lambda:a:1:function:F:$LATEST'"),
        state("'Type': 'Task', 'End': true, 'Resource': 'arn:aws:states:a:1:activity:A'"),
        state("'Type': 'Task', 'End': true, 'Resource': 'arn:aws:states:::aws-sdk:s3:getObject'"),
        state(KAFKA_TASK.formatted("publish", "{'Topic': 't', 'Value.$': '$', 'Headers': {}}")),
        state(KAFKA_TASK.formatted("publish.waitForTaskToken", "{'Topic': 't', 'Value': null}")),
        state(KAFKA_TASK.formatted("read", "{'Topic': 't', 'MaxRecords.$': '$.n'}")),
        jsonata(
            "'Type': 'Task', 'End': true, 'Resource': 'arn:aws:states:::kafka:publish',"
                + " 'Arguments': '{% $states.input %}'"),
        state(
            DISTRIBUTED
                + ", 'ItemReader': {'Resource': 'arn:aws:states:::kafka:read',"
                + " 'Parameters': {'Topic': 't', 'FromTimestamp.$': '$.t'},"
                + " 'ReaderConfig': {'MaxItemsPath': '$.n'}}"),
        state(
            "'Type': 'Task', 'End': true, 'Resource':"
                + " 'arn:aws:states:::states:startExecution.sync:2'"),
        state("'Type': 'Wait', 'End': true, 'Seconds': 0"),
        state("'Type': 'Wait', 'End': true, 'Timestamp': '2024-02-29T00:00:00.5Z'"),
        jsonata("'Type': 'Wait', 'End': true, 'Timestamp': '{% $now() %}'"),
        state("'Type': 'Fail', 'ErrorPath': '$.e', 'Cause': 'c'"),
        state("'Type': 'Fail', 'CausePath': 'States.Format(`{}`, $.e)'"),
        state(MAP.replace("ItemProcessor", "Iterator") + ", 'Parameters': {'a.$': '$'}"),
        state(MAP + ", 'MaxConcurrency': 9223372036854775807"),
        jsonata(MAP + ", 'Items': [1, 2]"),
        jsonata(MAP + ", 'Items': {'a': 1}"),
        jsonata(MAP + ", 'Items': '{% $states.input %}'"),
        state(MAP + ", 'ToleratedFailureCount': 3"),
        state(DISTRIBUTED + ", 'Assign': {'v': 1}"),
        state(
            DISTRIBUTED.replace("'Succeed'", "'Pass', 'End': true, 'Assign': {'v': 1}")
                + ", 'Assign': {'v': 1}"),
        state(TASK + ", 'Retry': [{'ErrorEquals': ['E'], 'IntervalSeconds': 0, 'BackoffRate': 1}]"),
        state(TASK + ", 'Retry': [{'ErrorEquals': ['E']}, {'ErrorEquals': ['States.ALL']}]"),
        state("'Type': 'Pass', 'End': true, 'Assign': {'größe_1': 1, 'b.$': '$.b'}"));
  }

  @ParameterizedTest
  @MethodSource("allowed")
  void shouldAcceptWhatTheRulesAllow(String definition) {
    assertThat(accepted(definition).flow().states()).isNotEmpty();
  }

  private static Arguments row(String definition, String... expected) {
    return Arguments.of(definition, expected);
  }
}
