package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the context object tells of the record that has started an execution. */
final class TriggerContextTest {

  private static final String TRIGGER = "{\"Topic\":\"orders\",\"Offset\":17}";

  private static final String JSONATA =
      """
      {"StartAt":"A","QueryLanguage":"JSONata","States":{
        "A":{"Type":"Pass","Assign":{"topic":"{% $states.context.Trigger.Topic %}"},"Next":"W"},
        "W":{"Type":"Wait","Seconds":5,"Next":"B"},
        "B":{"Type":"Pass","Output":["{% $topic %}","{% $states.context.Trigger.Offset %}"],"End":true}}}\
      """;

  private static final String JSON_PATH =
      """
      {"StartAt":"A","States":{
        "A":{"Type":"Pass","Parameters":{"topic.$":"$$.Trigger.Topic"},"Next":"W"},
        "W":{"Type":"Wait","Seconds":5,"Next":"B"},
        "B":{"Type":"Pass","Parameters":{"a.$":"States.Array($.topic, $$.Trigger.Offset)"},"OutputPath":"$.a","End":true}}}\
      """;

  @ParameterizedTest
  @ValueSource(strings = {JSONATA, JSON_PATH})
  void shouldTellOfTheRecordInEveryStepAndKeepNothingOfIt(String definition) {
    Scenario scenario = Scenario.of(definition).start("{}", false, TRIGGER);
    scenario.advance(Duration.ofSeconds(5));

    scenario.endsWith(Execution.Status.SUCCEEDED).outputs("[\"orders\",17]");
    assertThat(scenario.keptRows()).isZero();
  }

  @Test
  void shouldTellOfItAfterARedrive() {
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"T","QueryLanguage":"JSONata","States":{
                  "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:1:function:f",
                    "Output":"{% $states.context.Trigger.Offset %}","End":true}}}\
                """)
            .start("{}", false, TRIGGER)
            .fails("T", "E", "once");
    scenario.endsWith(Execution.Status.FAILED);

    scenario.redrive().succeeds("T", "1").endsWith(Execution.Status.SUCCEEDED).outputs("17");
    assertThat(scenario.keptRows()).isZero();
  }

  @Test
  void shouldHaveNoTriggerOtherwise() {
    Scenario.of(
            """
            {"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Pass",
              "Output":"{% $exists($states.context.Trigger) %}","End":true}}}\
            """)
        .start("{}")
        .endsWith(Execution.Status.SUCCEEDED)
        .outputs("false");
  }
}
