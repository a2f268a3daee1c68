package io.stepstream.coordinator.api.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.api.protocol.Answer.Refusal;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConstraintsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private final Constraints constraints = Constraints.load();

  @Test
  void shouldKnowAllOfAwsActions() throws Exception {
    JsonNode model = model();

    assertThat(model.get("actions").size()).isEqualTo(37);
  }

  @Test
  void shouldAcceptARequestThatSatisfiesTheModel() throws Exception {
    assertThat(
            check(
                "StartExecution",
                "{\"stateMachineArn\":\"a\",\"name\":null,\"input\":\"\",\"unheardOf\":[]}"))
        .isNull();
  }

  /** The wordings are those that AWS was recorded with. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"executionArn\":\"a\",\"maxResults\":1001} | 1 validation error detected: Value '1001'"
            + " at 'maxResults' failed to satisfy constraint: Member must have value less than or"
            + " equal to 1000",
        "{\"executionArn\":\"a\",\"maxResults\":-1} | 1 validation error detected: Value '-1' at"
            + " 'maxResults' failed to satisfy constraint: Member must have value greater than or"
            + " equal to 0",
        "{} | 1 validation error detected: Value null at 'executionArn' failed to satisfy"
            + " constraint: Member must not be null",
        "{\"executionArn\":\"\",\"nextToken\":\"\"} | 2 validation errors detected: Value '' at"
            + " 'executionArn' failed to satisfy constraint: Member must have length greater than"
            + " or equal to 1; Value '' at 'nextToken' failed to satisfy constraint: Member must"
            + " have length greater than or equal to 1",
      })
  void shouldWordViolationsAsAwsDoes(String request, String message) throws Exception {
    Refusal refusal = check("GetExecutionHistory", request);

    assertThat(refusal.code()).isEqualTo("ValidationException");
    assertThat(refusal.message()).isEqualTo(message);
  }

  @Test
  void shouldNotRepeatSensitiveValues() throws Exception {
    ObjectNode request =
        JSON.createObjectNode().put("executionArn", "a").put("error", "x".repeat(257));

    assertThat(constraints.check("StopExecution", request).message())
        .isEqualTo(
            "1 validation error detected: Value at 'error' failed to satisfy constraint: Member"
                + " must have length less than or equal to 256");
  }

  @Test
  void shouldNameThePlaceInNestedStructures() throws Exception {
    assertThat(
            check(
                    "CreateStateMachine",
                    "{\"name\":\"n\",\"definition\":\"d\",\"roleArn\":\"r\",\"loggingConfiguration\":"
                        + "{\"level\":\"SOME\"},\"tags\":[{\"key\":\"k\"},{\"key\":\"\"}]}")
                .message())
        .isEqualTo(
            "2 validation errors detected: Value 'SOME' at 'loggingConfiguration.level' failed to"
                + " satisfy constraint: Member must satisfy enum value set: [ALL, ERROR, FATAL,"
                + " OFF]; Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must"
                + " have length greater than or equal to 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"executionArn\":1} | NUMBER_VALUE can not be converted to a String (at 'executionArn')",
        "{\"executionArn\":\"a\",\"maxResults\":\"1\"} | STRING_VALUE can not be converted to an"
            + " Integer (at 'maxResults')",
        "{\"executionArn\":\"a\",\"maxResults\":1.5} | NUMBER_VALUE can not be converted to an"
            + " Integer (at 'maxResults')",
        "{\"executionArn\":\"a\",\"reverseOrder\":\"true\"} | STRING_VALUE can not be converted to"
            + " a Boolean (at 'reverseOrder')",
        "[] | The request is not a JSON object",
      })
  void shouldRefuseWrongTypes(String request, String message) throws Exception {
    Refusal refusal = check("GetExecutionHistory", request);

    assertThat(refusal.code()).isEqualTo("SerializationException");
    assertThat(refusal.message()).isEqualTo(message);
  }

  /** Every constraint of every member of every action, violated alone. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("violations")
  void shouldFindEachViolation(String action, JsonNode request) {
    assertThat(constraints.check(action, request))
        .extracting(Refusal::code)
        .isEqualTo("ValidationException");
  }

  static Stream<Arguments> violations() throws Exception {
    JsonNode model = model();
    List<Arguments> violations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> action : model.get("actions").properties()) {
      ObjectNode valid = valid(action.getValue(), model.get("shapes"));
      for (JsonNode required : action.getValue().get("required")) {
        violations.add(arguments(action.getKey(), valid.deepCopy().without(required.textValue())));
      }
      for (Map.Entry<String, JsonNode> member : action.getValue().get("members").properties()) {
        JsonNode shape = model.get("shapes").get(member.getValue().textValue());
        for (JsonNode bad : violating(shape)) {
          violations.add(arguments(action.getKey(), valid.deepCopy().set(member.getKey(), bad)));
        }
      }
    }
    return violations.stream();
  }

  private static Arguments arguments(String action, JsonNode request) {
    return Arguments.of(action, request);
  }

  private static List<JsonNode> violating(JsonNode shape) {
    List<JsonNode> values = new ArrayList<>();
    var nodes = JSON.getNodeFactory();
    switch (shape.get("type").textValue()) {
      case "string" -> {
        if (shape.has("max")) {
          values.add(nodes.textNode("x".repeat(shape.get("max").asInt() + 1)));
        }
        if (shape.has("min")) {
          values.add(nodes.textNode("x".repeat(shape.get("min").asInt() - 1)));
        }
        if (shape.has("pattern") || shape.has("enum")) {
          values.add(nodes.textNode("\u00e4"));
        }
      }
      case "integer" -> {
        values.add(nodes.numberNode(shape.get("max").bigIntegerValue().add(BigInteger.ONE)));
        values.add(nodes.numberNode(shape.get("min").asInt() - 1));
      }
      case "float" -> {
        values.add(nodes.numberNode(shape.get("max").asInt() + 0.5));
        values.add(nodes.numberNode(shape.get("min").asInt() - 0.5));
      }
      default -> {}
    }
    return values;
  }

  /** With all that is required, of an action's input or a structure. */
  private static ObjectNode valid(JsonNode structure, JsonNode shapes) {
    ObjectNode valid = JSON.createObjectNode();
    for (JsonNode required : structure.path("required")) {
      String member = required.textValue();
      valid.set(
          member, validValue(shapes.get(structure.get("members").get(member).textValue()), shapes));
    }
    return valid;
  }

  private static JsonNode validValue(JsonNode shape, JsonNode shapes) {
    return switch (shape.get("type").textValue()) {
      case "string" -> JSON.getNodeFactory().textNode("x");
      case "integer" -> shape.get("min");
      case "list" ->
          JSON.createArrayNode()
              .add(validValue(shapes.get(shape.get("member").textValue()), shapes));
      case "structure" -> valid(shape, shapes);
      case String other -> throw new AssertionError("nothing of type " + other + " is required");
    };
  }

  private @Nullable Refusal check(String action, String request) throws Exception {
    return constraints.check(action, JSON.readTree(request));
  }

  private static JsonNode model() throws Exception {
    try (InputStream in = Constraints.class.getResourceAsStream("aws-constraints.json")) {
      return JSON.readTree(in);
    }
  }
}
