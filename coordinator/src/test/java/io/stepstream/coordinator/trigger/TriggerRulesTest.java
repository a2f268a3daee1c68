package io.stepstream.coordinator.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.schemas.TopicTrigger;
import io.stepstream.schemas.TriggerFormat;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.PayloadKeys;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TriggerRulesTest {

  private final RecordValues values = new RecordValues(SchemaRegistry.bundled(), PayloadKeys.NONE);

  private static TopicTrigger json(String filter, String input, String name) {
    return Records.trigger(TriggerFormat.JSON, filter, input, name);
  }

  private static TriggerRules rules(TopicTrigger trigger) {
    return switch (TriggerRules.of(trigger)) {
      case TriggerRules.Compilation.Compiled(TriggerRules rules) -> rules;
      case TriggerRules.Compilation.Invalid invalid -> throw new AssertionError(invalid);
    };
  }

  private RecordVerdict judge(TopicTrigger trigger, ConsumerRecord<byte[], byte[]> record) {
    return rules(trigger).judge(record, values);
  }

  private RecordVerdict.Start start(TopicTrigger trigger, ConsumerRecord<byte[], byte[]> record) {
    return (RecordVerdict.Start) judge(trigger, record);
  }

  private String poison(TopicTrigger trigger, ConsumerRecord<byte[], byte[]> record) {
    return ((RecordVerdict.Poison) judge(trigger, record)).reason();
  }

  private static Object tree(byte[] json) {
    return ((Decoded.Tree) Json.decode(json)).json();
  }

  @Test
  void shouldTakeTheValueAsItIsAndNameTheExecutionByItsPlace() {
    RecordVerdict.Start start =
        start(json(null, null, null), Records.record(17, "{ \"n\": 1.50 }"));

    assertThat(start.name()).isEqualTo("orders-3-17");
    assertThat(new String(start.input(), UTF_8)).isEqualTo("{ \"n\": 1.50 }");
  }

  @Test
  void shouldTellOfTheRecordInTheContext() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("one", "größer".getBytes(UTF_8));
    headers.add("two", "a".getBytes(UTF_8));
    headers.add("two", new byte[] {(byte) 0xff});
    headers.add("none", null);

    RecordVerdict.Start start =
        start(
            json(null, null, null),
            Records.record("orders", 3, 17, null, "1".getBytes(UTF_8), headers));

    assertThat(new String(start.context(), UTF_8))
        .isEqualTo(
            "{\"Name\":\"t\",\"Topic\":\"orders\",\"Partition\":3,\"Offset\":17,"
                + "\"Timestamp\":\"2026-01-31T08:00:00.000Z\",\"Key\":null,"
                + "\"Headers\":{\"one\":\"größer\",\"two\":[\"a\",\"/w==\"],\"none\":null}}");
  }

  @Test
  void shouldMakeInputAndNameOfTheRecord() {
    RecordVerdict.Start start =
        start(
            json(
                "{% $states.input.status = 'PAID' %}",
                "{\"id\": \"{% $states.input.id %}\", \"key\":"
                    + " \"{% $states.context.Trigger.Key %}\", \"const\": [1]}",
                "{% 'order-' & $states.context.Trigger.Key %}"),
            Records.record(17, "{\"status\": \"PAID\", \"id\": 7}"));

    assertThat(start.name()).isEqualTo("order-key");
    assertThat(
            Json.equal(
                tree(start.input()), tree(bytes("{\"id\":7,\"key\":\"key\",\"const\":[1]}"))))
        .isTrue();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void shouldLeaveOutWhatTheFilterRejects() {
    TopicTrigger trigger = json("{% $states.input.n > 1 %}", null, null);

    assertThat(judge(trigger, Records.record(1, "{\"n\": 1}")))
        .isEqualTo(new RecordVerdict.Filtered());
    assertThat(judge(trigger, Records.record(2, "{\"n\": 2}")))
        .isInstanceOf(RecordVerdict.Start.class);
  }

  @Test
  void shouldReadARecordWithoutValueAsNull() {
    assertThat(start(json(null, null, null), Records.record(1, null)).input())
        .isEqualTo("null".getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{% $states.input.n %}              |                            |               | filter",
        "{% $number('x') > 1 %}             |                            |               | $number",
        "                                   | \"{% $states.input.none %}\" |               | input",
        "                                   |                            | {% 'a b' %}    | 'a b'",
        "                                   |                            | {% '' %}       | ''",
        "                                   |                            | {% 1 %}        |"
            + " executionName",
      })
  void shouldPutAsideWhatFilterInputOrNameFailOn(
      String filter, String input, String name, String reason) {
    assertThat(poison(json(filter, input, name), Records.record(1, "{\"n\": \"x\"}")))
        .contains(reason);
  }

  @Test
  void shouldPutAsideWhatIsNotJsonOrTooLarge() {
    TopicTrigger plain = json(null, null, null);
    String large = "\"" + "x".repeat(TriggerRules.MOST_INPUT_BYTES) + "\"";

    assertThat(poison(plain, Records.record(1, "{"))).contains("not JSON");
    assertThat(poison(plain, Records.record(1, large))).contains("262144 bytes");
    assertThat(poison(json(null, "[\"{% $states.input %}\"]", null), Records.record(1, large)))
        .contains("262144 bytes");
    RecordHeaders headers = new RecordHeaders();
    headers.add("h", new byte[16 * 1024]);
    assertThat(poison(plain, Records.record("orders", 0, 0, "k", "1".getBytes(UTF_8), headers)))
        .contains("key and headers");
  }

  @Test
  void shouldGiveTheSameWheneverTheRecordIsRead() {
    TopicTrigger trigger =
        json(
            null,
            "{\"random\": \"{% $random() %}\", \"now\": \"{% $now() %}\"}",
            "{% $string($millis()) & '-' & $uuid() %}");

    RecordVerdict.Start first = start(trigger, Records.record(1, "{}"));
    RecordVerdict.Start again = start(trigger, Records.record(1, "{}"));
    RecordVerdict.Start other = start(trigger, Records.record(2, "{}"));

    assertThat(again.name()).isEqualTo(first.name()).startsWith("" + Records.AT.toEpochMilli());
    assertThat(again.input()).isEqualTo(first.input());
    assertThat(new String(first.input(), UTF_8)).contains("2026-01-31T08:00:00.000Z");
    assertThat(other.name()).isNotEqualTo(first.name());
  }

  @Test
  void shouldShortenNamesOfLongTopicsAndTellThemApart() {
    String topic = "t".repeat(100);
    String name =
        TriggerRules.nameOf(
            Records.record(
                topic + "1", Integer.MAX_VALUE, Long.MAX_VALUE, null, null, new RecordHeaders()));
    String other =
        TriggerRules.nameOf(
            Records.record(
                topic + "2", Integer.MAX_VALUE, Long.MAX_VALUE, null, null, new RecordHeaders()));

    assertThat(name).hasSizeLessThanOrEqualTo(80).endsWith("-2147483647-9223372036854775807");
    assertThat(other).isNotEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$states.input.a", "{% $states.input.a", "{% ( %}", "{% $x = 1 %}"})
  void shouldRefuseWhatIsNoExpression(String text) {
    assertThat(TriggerRules.of(json(text, null, null)))
        .isInstanceOfSatisfying(
            TriggerRules.Compilation.Invalid.class,
            invalid -> assertThat(invalid.member()).isEqualTo("filter"));
    assertThat(TriggerRules.of(json(null, null, text)))
        .isInstanceOfSatisfying(
            TriggerRules.Compilation.Invalid.class,
            invalid -> assertThat(invalid.member()).isEqualTo("executionName"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"a\": [\"{% $states.input.a\"]}", "{\"a\": \"{% ( %}\"}", "[\"{% $x %}\"]"})
  void shouldRefuseTemplatesWithBrokenExpressions(String template) {
    assertThat(TriggerRules.of(json(null, template, null)))
        .isInstanceOfSatisfying(
            TriggerRules.Compilation.Invalid.class,
            invalid -> assertThat(invalid.member()).isEqualTo("input"));
  }
}
