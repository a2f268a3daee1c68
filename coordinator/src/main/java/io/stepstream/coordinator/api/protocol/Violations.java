package io.stepstream.coordinator.api.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one request. A wrong type ends the check, as with AWS. */
final class Violations {

  /** A long value in an error message helps nobody. AWS repeats it whatever its length. */
  private static final int LONGEST_VALUE_SHOWN = 4096;

  private final List<String> violations = new ArrayList<>();
  private @Nullable String wrongType;

  Answer.@Nullable Refusal refusal() {
    if (wrongType != null) {
      return Refusals.serialization(wrongType);
    }
    return violations.isEmpty() ? null : Refusals.violations(violations);
  }

  void structure(String path, JsonNode value, Shape.Structure shape) {
    for (Map.Entry<String, Shape> member : shape.members().entrySet()) {
      String name = member.getKey();
      String memberPath = path.isEmpty() ? name : path + '.' + name;
      JsonNode given = value.path(name);
      if (!given.isMissingNode() && !given.isNull()) {
        check(memberPath, given, member.getValue());
      } else if (shape.required().contains(name)) {
        violations.add(
            "Value null at '"
                + memberPath
                + "' failed to satisfy constraint: Member must not be"
                + " null");
      }
    }
  }

  private void check(String path, JsonNode value, Shape shape) {
    switch (shape) {
      case Shape.Text text when value.isTextual() -> text(path, value.textValue(), text);
      case Shape.Whole whole when value.isNumber() -> whole(path, value, whole);
      case Shape.Decimal decimal when value.isNumber() ->
          bounds(path, value, decimal.minimum(), decimal.maximum());
      case Shape.Flag _ when value.isBoolean() -> {}
      case Shape.Items items when value.isArray() -> items(path, value, items);
      case Shape.Structure structure when value.isObject() -> structure(path, value, structure);
      case Shape.Text _ -> wrongType(path, value, "a String");
      case Shape.Whole _ -> wrongType(path, value, "an Integer");
      case Shape.Decimal _ -> wrongType(path, value, "a Float");
      case Shape.Flag _ -> wrongType(path, value, "a Boolean");
      case Shape.Items _ -> wrongType(path, value, "a List");
      case Shape.Structure _ -> wrongType(path, value, "a Structure");
    }
  }

  private void text(String path, String value, Shape.Text shape) {
    String shown =
        shape.sensitive() || value.length() > LONGEST_VALUE_SHOWN
            ? "Value at '" + path + "'"
            : "Value '" + value + "' at '" + path + "'";
    length(shown, value.codePointCount(0, value.length()), shape.minimum(), shape.maximum());
    if (shape.pattern().filter(p -> !p.matcher(value).matches()).isPresent()) {
      add(shown, "satisfy regular expression pattern: " + shape.pattern().get());
    }
    if (!shape.values().isEmpty() && !shape.values().contains(value)) {
      add(shown, "satisfy enum value set: " + shape.values());
    }
  }

  private void whole(String path, JsonNode value, Shape.Whole shape) {
    if (!value.canConvertToExactIntegral()) {
      wrongType(path, value, "an Integer");
      return;
    }
    bounds(path, value, shape.minimum(), shape.maximum());
  }

  private void bounds(
      String path, JsonNode value, @Nullable BigDecimal minimum, @Nullable BigDecimal maximum) {
    String shown = "Value '" + value.asText() + "' at '" + path + "'";
    if (maximum != null && value.decimalValue().compareTo(maximum) > 0) {
      add(shown, "have value less than or equal to " + maximum);
    }
    if (minimum != null && value.decimalValue().compareTo(minimum) < 0) {
      add(shown, "have value greater than or equal to " + minimum);
    }
  }

  private void items(String path, JsonNode value, Shape.Items shape) {
    length("Value at '" + path + "'", value.size(), shape.minimum(), shape.maximum());
    for (int i = 0; i < value.size(); i++) {
      check(path + '.' + (i + 1) + ".member", value.get(i), shape.item());
    }
  }

  private void length(String shown, int length, int minimum, int maximum) {
    if (length > maximum) {
      add(shown, "have length less than or equal to " + maximum);
    }
    if (length < minimum) {
      add(shown, "have length greater than or equal to " + minimum);
    }
  }

  private void add(String shown, String constraint) {
    violations.add(shown + " failed to satisfy constraint: Member must " + constraint);
  }

  private void wrongType(String path, JsonNode value, String wanted) {
    if (wrongType == null) {
      wrongType =
          "%s_VALUE can not be converted to %s (at '%s')"
              .formatted(value.getNodeType(), wanted, path);
    }
  }
}
