package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.api.ApiFixture.Result;
import io.stepstream.coordinator.api.protocol.Constraints;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Requests of the model's shape with any content, and broken ones, for every action: each is
 * answered, and never by a failure of ours. A failure prints its seed; {@code -Dstepstream.seed=…}
 * begins there.
 */
class RandomRequestsTest {

  private static final long FIRST_SEED = Long.getLong("stepstream.seed", 20_261_127L);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JSON.getNodeFactory();

  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "m",
          "e",
          "-",
          "0",
          "../..",
          "a".repeat(81),
          "a".repeat(2_000),
          "$LATEST",
          "{}",
          "[]",
          "null",
          "{\"a\":",
          "{\"a\":1,\"a\":2}",
          "[".repeat(2_000),
          "\u0000",
          "\ud800",
          "<script>alert(1)</script>",
          "ä€\uD83D\uDE00",
          "arn",
          "arn:",
          "arn:aws:states",
          ":::::::::",
          ApiFixture.ROLE,
          ApiFixture.PASS,
          ApiFixture.ACCOUNT + "stateMachine:m",
          ApiFixture.ACCOUNT + "stateMachine:m:1",
          ApiFixture.ACCOUNT + "stateMachine:m:a",
          ApiFixture.ACCOUNT + "stateMachine:none",
          ApiFixture.ACCOUNT + "express:m:e:u",
          ApiFixture.ACCOUNT + "execution:m:e",
          ApiFixture.ACCOUNT + "activity:act",
          ApiFixture.ACCOUNT + "mapRun:m/l:id",
          ApiFixture.ACCOUNT + "stateMachine:m/l",
          "arn:aws:states:eu-west-1:222222222222:stateMachine:m",
          "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:lambda:us-east-1:111111111111:function:f\",\"End\":true}}}",
          "{\"result\":\"1\"}",
          "arn:aws:kms:us-east-1:111111111111:key/k");

  private final JsonNode model = model();

  @Test
  void everyRequestIsAnswered() {
    send(60);
  }

  @Test
  @Tag("slow")
  void everyRequestIsAnsweredALot() {
    send(10_000);
  }

  private void send(int perAction) {
    Map<Integer, Integer> seen = new TreeMap<>();
    try (ApiFixture api = new ApiFixture()) {
      String machine = api.machine("m", "STANDARD");
      api.execution(machine, "e", "{}");
      api.call("CreateActivity", "name", "act");
      for (Map.Entry<String, JsonNode> action : model.get("actions").properties()) {
        for (int i = 0; i < perAction; i++) {
          Random random = random(FIRST_SEED + i);
          String body = body(action.getValue(), random);
          try {
            seen.merge(send(api, action.getKey(), body), 1, Integer::sum);
          } catch (Throwable failure) {
            throw new AssertionError(
                "seed %d: %s %s".formatted(FIRST_SEED + i, action.getKey(), body), failure);
          }
        }
      }
    }
    System.out.println("RandomRequestsTest: " + seen);
    assertThat(seen).containsOnlyKeys(200, 400);
  }

  /** Seeds that follow each other would begin alike. */
  private static Random random(long seed) {
    return new Random(seed * 0x9E3779B97F4A7C15L);
  }

  private static int send(ApiFixture api, String action, String body) {
    Result result = api.send("AWSStepFunctions." + action, body);
    if (result.status() != 200) {
      assertThat(result.error()).as("%s", result).isNotBlank();
      assertThat(result.message()).as("%s", result).isNotBlank();
    }
    return result.status();
  }

  private String body(JsonNode action, Random random) {
    ObjectNode request = JSON.createObjectNode();
    action.get("required").forEach(name -> put(request, action, name.textValue(), random));
    for (Map.Entry<String, JsonNode> member : action.get("members").properties()) {
      if (random.nextInt(3) == 0) {
        put(request, action, member.getKey(), random);
      }
    }
    if (random.nextInt(10) == 0 && !request.isEmpty()) {
      request.remove(request.fieldNames().next());
    }
    String body = request.toString();
    if (random.nextInt(10) == 0) {
      int at = random.nextInt(body.length());
      body = body.substring(0, at) + (random.nextBoolean() ? "" : "\"") + body.substring(at + 1);
    }
    return body;
  }

  private void put(ObjectNode request, JsonNode action, String name, Random random) {
    request.set(name, value(action.get("members").get(name).textValue(), random, 4));
  }

  /** Mostly of the shape's type. */
  private JsonNode value(String shapeName, Random random, int depth) {
    JsonNode shape = model.get("shapes").path(shapeName);
    String type = shape.path("type").asText();
    if (depth == 0 || random.nextInt(15) == 0) {
      return anything(random);
    }
    return switch (type) {
      case "structure" -> {
        ObjectNode object = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> member : shape.path("members").properties()) {
          if (random.nextInt(2) == 0) {
            object.set(member.getKey(), value(member.getValue().textValue(), random, depth - 1));
          }
        }
        yield object;
      }
      case "list" -> {
        ArrayNode array = JSON.createArrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(shape.path("member").asText(), random, depth - 1));
        }
        yield array;
      }
      case "integer", "long" ->
          NODES.numberNode(
              List.of(0, 1, 2, 100, 1000, 1001, -1, Integer.MAX_VALUE).get(random.nextInt(8)));
      case "float", "double" ->
          NODES.numberNode(List.of(0.0, 50.0, 100.0, 100.5, -1.0).get(random.nextInt(5)));
      case "boolean" -> NODES.booleanNode(random.nextBoolean());
      case "timestamp" -> NODES.numberNode(random.nextInt());
      default -> text(shape, random);
    };
  }

  private static JsonNode text(JsonNode shape, Random random) {
    JsonNode names = shape.path("enum");
    return NODES.textNode(
        names.isEmpty() || random.nextInt(8) == 0
            ? TEXTS.get(random.nextInt(TEXTS.size()))
            : names.get(random.nextInt(names.size())).textValue());
  }

  private static JsonNode anything(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.numberNode(1e300);
      case 2 -> NODES.booleanNode(true);
      case 3 -> NODES.arrayNode().add(NODES.objectNode());
      case 4 -> NODES.objectNode().put("x", 1);
      default -> NODES.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
    };
  }

  private static JsonNode model() {
    try (InputStream in = Constraints.class.getResourceAsStream("aws-constraints.json")) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
