package io.stepstream.integrations.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.worker.handler.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AvroJsonTest {

  private static final Schema ORDER =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Order", "namespace": "shop", "fields": [
                {"name": "id", "type": "string"},
                {"name": "count", "type": "int"},
                {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "price", "type": "double"},
                {"name": "rate", "type": "float"},
                {"name": "paid", "type": "boolean"},
                {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
                {"name": "blob", "type": "bytes"},
                {"name": "hash", "type": {"type": "fixed", "name": "Two", "size": 2}},
                {"name": "note", "type": ["null", "string"], "default": null},
                {"name": "of", "type": ["int", "string", {"type": "array", "items": "int"}], "default": 1},
                {"name": "lines", "type": {"type": "array", "items": {"type": "map", "values": "int"}}},
                {"name": "parent", "type": ["null", "Order"], "default": null}]}
              """);

  private static final String FULL =
      """
      {"id":"ü","count":3,"at":1700000000000,"price":1.5,"rate":0.5,"paid":true,"kind":"B",
       "blob":"AAH/","hash":"AAE=","note":"n","of":[1,2],"lines":[{"a":1},{}],"parent":null}
      """;

  private static JsonNode json(String text) throws IOException {
    return JsonText.read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Through bytes, as a broker has it. */
  private static JsonNode roundTrip(JsonNode json, Schema schema) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<>(schema).write(AvroJson.datum(json, schema), out);
    out.flush();
    return AvroJson.json(
        new GenericDatumReader<>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null)));
  }

  @Test
  void shouldCarryEveryTypeThereAndBack() throws Exception {
    assertThat(roundTrip(json(FULL), ORDER)).hasToString(json(FULL).toString());
  }

  @Test
  void shouldTakeDefaultsForWhatIsNotThereAndWholeNumbersHoweverTheyAreWritten() throws Exception {
    String given =
        """
        {"id":"x","count":2.0,"at":1e3,"price":7,"rate":1,"paid":false,"kind":"A","blob":"",
         "hash":"AAE=","lines":[]}
        """;

    JsonNode read = roundTrip(json(given), ORDER);

    assertThat(read.path("count").intValue()).isEqualTo(2);
    assertThat(read.path("at").longValue()).isEqualTo(1_000);
    assertThat(read.path("price").doubleValue()).isEqualTo(7.0);
    assertThat(read.path("note").isNull()).isTrue();
    assertThat(read.path("of").intValue()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "id":"ü"           | "id":7                 | /id is number rather than a string
          "count":3          | "count":2147483648     | /count is number rather than a whole number of 32 bits
          "count":3          | "count":1.5            | /count is number rather than a whole number of 32 bits
          "at":1700000000000 | "at":"now"             | /at is string rather than a whole number of 64 bits
          "price":1.5        | "price":"1.5"          | /price is string rather than a number of 64 bits
          "rate":0.5         | "rate":1e300           | /rate is number rather than a number of 32 bits
          "paid":true        | "paid":0               | /paid is number rather than a boolean
          "kind":"B"         | "kind":"C"             | /kind is string rather than one of [A, B]
          "blob":"AAH/"      | "blob":"?"             | /blob is not Base64
          "hash":"AAE="      | "hash":"AAEC"          | /hash has 3 bytes rather than 2
          "note":"n"         | "note":1               | /note is number rather than a string
          "of":[1,2]         | "of":{}                | /of is of none of [int, string, array]
          "lines":[{"a":1},{}] | "lines":[{},{"a":"b"}] | /lines/1/a is string rather than a whole number of 32 bits
          "lines":[{"a":1},{}] | "lines":{}           | /lines is object rather than an array
          "lines":[{"a":1},{}] | "lines":[1]          | /lines/0 is number rather than an object
          "id":"ü",          | "":1,                  | / is no field of shop.Order
          "id":"ü",          |                        | /id is missing and has no default
          "parent":null      | "parent":{"id":"y"}    | /parent/count is missing and has no default
          """)
  void shouldSayWhereAValueIsNotOfItsSchema(String part, String instead, String message)
      throws Exception {
    String text = FULL.replace(part, instead == null ? "" : instead);
    assertThat(text).isNotEqualTo(FULL);
    JsonNode given = json(text);

    assertThatThrownBy(() -> AvroJson.datum(given, ORDER))
        .isInstanceOf(AvroJson.Mismatch.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void shouldTakeTheFirstBranchThatFits() throws Exception {
    Schema either =
        new Schema.Parser()
            .parse(
                """
                [{"type": "record", "name": "Cat", "fields": [{"name": "lives", "type": "int"}]},
                 {"type": "record", "name": "Dog", "fields": [{"name": "tricks", "type": "string"}]}]
                """);

    assertThat(roundTrip(json("{\"tricks\":\"roll\"}"), either))
        .isEqualTo(json("{\"tricks\":\"roll\"}"));
    assertThatThrownBy(() -> AvroJson.datum(json("{\"tricks\":1}"), either))
        .hasMessage("the value is of none of [Cat, Dog]");
  }

  @Test
  void shouldGiveUpWhereUnionsMultiply() throws Exception {
    Schema nested =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "A", "fields": [
                  {"name": "n", "type": ["A",
                    {"type": "record", "name": "B", "fields": [
                      {"name": "n", "type": ["A", "B", "int"]}]}, "int"]}]}
                """);
    int depth = 60;
    JsonNode given = json("{\"n\":".repeat(depth) + "\"x\"" + "}".repeat(depth));

    assertThatThrownBy(() -> AvroJson.datum(given, nested)).isInstanceOf(AvroJson.Mismatch.class);
  }

  @Test
  void shouldNotMakeUpNumbersThatJsonHasNot() {
    for (double number : List.of(Double.NaN, Double.POSITIVE_INFINITY)) {
      assertThatThrownBy(() -> AvroJson.json(number)).hasMessageContaining("JSON has no");
    }
  }
}
