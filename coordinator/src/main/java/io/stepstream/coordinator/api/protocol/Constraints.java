package io.stepstream.coordinator.api.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The constraints of AWS's model on requests, read from the resource {@code aws-constraints.json}:
 * no action checks presence, length, range, pattern or enumeration by hand.
 *
 * <p>The resource has {@code actions}, the input of each of AWS's actions, and {@code shapes}, what
 * these refer to by name. Immutable.
 */
public final class Constraints {

  private static final String RESOURCE = "aws-constraints.json";

  private final Map<String, Shape.Structure> actions;

  private Constraints(Map<String, Shape.Structure> actions) {
    this.actions = Map.copyOf(actions);
  }

  /** Reads the resource of this module. */
  public static Constraints load() {
    try (InputStream in = Constraints.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is missing");
      }
      JsonNode model = new ObjectMapper().readTree(in);
      Map<String, Shape.Structure> actions = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> action : model.required("actions").properties()) {
        actions.put(action.getKey(), structure(action.getValue(), model.required("shapes")));
      }
      return new Constraints(actions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Actions whose requests can be checked. */
  public Set<String> actions() {
    return actions.keySet();
  }

  /** Why the request is not acceptable; null when it is. */
  public Answer.@Nullable Refusal check(String action, JsonNode request) {
    Shape.Structure shape = actions.get(action);
    if (shape == null) {
      throw new IllegalArgumentException("no constraints are known for " + action);
    }
    if (!request.isObject()) {
      return Refusals.serialization("The request is not a JSON object");
    }
    Violations violations = new Violations();
    violations.structure("", request, shape);
    return violations.refusal();
  }

  private static Shape.Structure structure(JsonNode described, JsonNode shapes) {
    Map<String, Shape> members = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : described.required("members").properties()) {
      members.put(member.getKey(), named(member.getValue().textValue(), shapes));
    }
    return new Shape.Structure(members, Set.copyOf(texts(described.path("required"))));
  }

  private static Shape named(String name, JsonNode shapes) {
    JsonNode shape = shapes.required(name);
    return switch (shape.required("type").textValue()) {
      case "string" ->
          new Shape.Text(
              shape.path("min").asInt(0),
              shape.path("max").asInt(Integer.MAX_VALUE),
              Optional.ofNullable(shape.path("pattern").textValue()).map(Pattern::compile),
              texts(shape.path("enum")),
              shape.path("sensitive").asBoolean());
      case "integer" -> new Shape.Whole(bound(shape, "min"), bound(shape, "max"));
      case "float" -> new Shape.Decimal(bound(shape, "min"), bound(shape, "max"));
      case "boolean" -> new Shape.Flag();
      case "list" ->
          new Shape.Items(
              named(shape.required("member").textValue(), shapes),
              shape.path("min").asInt(0),
              shape.path("max").asInt(Integer.MAX_VALUE));
      case "structure" -> structure(shape, shapes);
      case String other -> throw new IllegalStateException(name + " has the unknown type " + other);
    };
  }

  private static @Nullable BigDecimal bound(JsonNode shape, String name) {
    return shape.has(name) ? shape.get(name).decimalValue() : null;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.textValue()));
    return List.copyOf(texts);
  }
}
