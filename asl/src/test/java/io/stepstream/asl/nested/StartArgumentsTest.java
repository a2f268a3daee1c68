package io.stepstream.asl.nested;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StartArgumentsTest {

  private static String input(@Nullable Object input) {
    Map<String, Object> arguments = new HashMap<>(Map.of("StateMachineArn", "arn"));
    if (input != null) {
      arguments.put("Input", input);
    }
    return StartArguments.of(arguments) instanceof StartArguments.Usable usable
        ? new String(usable.input(), StandardCharsets.UTF_8)
        : "unusable";
  }

  @Test
  void shouldTakeNoInputAndNullForAnEmptyObject() {
    assertThat(input(null)).isEqualTo("{}");
    assertThat(input(Json.NULL)).isEqualTo("{}");
  }

  @Test
  void shouldTakeTextForJsonTextAndEncodeEverythingElse() {
    assertThat(input("{ \"a\": 1 }")).isEqualTo("{ \"a\": 1 }");
    assertThat(input("\"text\"")).isEqualTo("\"text\"");
    assertThat(input(Map.of("a", List.of(1)))).isEqualTo("{\"a\":[1]}");
    assertThat(input(false)).isEqualTo("false");
  }

  @Test
  void shouldTellWhyNothingCanBeStarted() {
    assertThat(StartArguments.of("text")).isInstanceOf(StartArguments.Unusable.class);
    assertThat(StartArguments.of(Map.of("StateMachineArn", "a", "TraceHeader", 1)))
        .isEqualTo(
            new StartArguments.Unusable("The value for the field 'TraceHeader' must be a STRING"));
  }

  @ParameterizedTest
  @CsvSource({
    "arn:aws:states:::states:startExecution,REQUEST",
    "arn:aws-cn:states:::states:startExecution.sync,SYNC",
    "arn:aws:states:us-east-1:111111111111:states:startExecution.sync:2,SYNC_2",
    "arn:aws:states:::states:startExecution.waitForTaskToken,TOKEN",
    "arn:aws:states:::states:startExecutionPreview,",
    "arn:aws:states:::aws-sdk:sfn:startExecution,",
    "arn:aws:lambda:us-east-1:1:function:states:startExecution,",
    "arn:aws:states:::aws-sdk:states:startExecution,",
    "states:startExecution,"
  })
  void shouldKnowTheResourcesThatStartExecutions(String resource, @Nullable StartPattern pattern) {
    assertThat(StartPattern.of(resource)).isEqualTo(pattern);
  }
}
