package io.stepstream.asl.parse;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import io.stepstream.asl.validate.Wording;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The structure of Choice rules: which fields, how many of them, operands of which type. */
final class ComparisonRules {

  private enum Operand {
    TEXT,
    NUMBER,
    BOOLEAN,
    TIMESTAMP,
    PATH
  }

  private static final Map<String, Operand> COMPARISONS = new LinkedHashMap<>();
  private static final List<String> SELECTORS =
      List.of("And", "Or", "Not", "Variable", "Condition");
  private static final Set<String> TOP_LEVEL_ONLY = Set.of("Next", "Assign");

  static {
    ordered("String", Operand.TEXT);
    COMPARISONS.put("StringMatches", Operand.TEXT);
    ordered("Numeric", Operand.NUMBER);
    COMPARISONS.put("BooleanEquals", Operand.BOOLEAN);
    COMPARISONS.put("BooleanEqualsPath", Operand.PATH);
    ordered("Timestamp", Operand.TIMESTAMP);
    for (String type : List.of("Null", "Present", "Numeric", "String", "Boolean", "Timestamp")) {
      COMPARISONS.put("Is" + type, Operand.BOOLEAN);
    }
  }

  private final QueryLanguage language;
  private final Problems problems;

  ComparisonRules(QueryLanguage language, Problems problems) {
    this.language = language;
    this.problems = problems;
  }

  private static void ordered(String type, Operand operand) {
    for (String order :
        List.of("Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals")) {
      COMPARISONS.put(type + order, operand);
      COMPARISONS.put(type + order + "Path", Operand.PATH);
    }
  }

  /** True when the rule has the right structure; else that is reported. */
  boolean check(Node.Struct rule) {
    boolean fields = checkFields(rule, true);
    return checkTest(rule) && fields;
  }

  private boolean checkFields(Node.Struct rule, boolean topLevel) {
    boolean valid = true;
    for (String field : rule.members().keySet()) {
      String message = objection(field, topLevel);
      if (message != null) {
        problems.schemaOfField(rule, field, message);
        valid = false;
      }
    }
    return valid;
  }

  private @Nullable String objection(String field, boolean topLevel) {
    if (field.equals("Comment") || topLevel && TOP_LEVEL_ONLY.contains(field)) {
      return null;
    }
    QueryLanguage of;
    if (field.equals("Condition") || topLevel && field.equals("Output")) {
      of = QueryLanguage.JSONATA;
    } else if (SELECTORS.contains(field) || COMPARISONS.containsKey(field)) {
      of = QueryLanguage.JSON_PATH;
    } else {
      return Wording.notSupported(field);
    }
    return of == language ? null : Wording.wrongLanguage(field, language);
  }

  private boolean checkTest(Node.Struct rule) {
    List<String> present = SELECTORS.stream().filter(rule::has).toList();
    if (present.size() != 1) {
      problems.schema(rule, "The object must have only one of the following fields, " + SELECTORS);
      return false;
    }
    String selector = present.getFirst();
    return switch (selector) {
      case "And", "Or" -> checkAll(rule, selector);
      case "Not" -> rule.get("Not") instanceof Node not && checkNested(not);
      case "Variable" -> checkComparison(rule);
      default -> true;
    };
  }

  private boolean checkAll(Node.Struct rule, String selector) {
    Node operands = rule.get(selector);
    if (!(operands instanceof Node.Array array)) {
      if (operands != null) {
        problems.schema(operands, Wording.expected("Array"));
      }
      return false;
    }
    if (array.items().isEmpty()) {
      problems.schema(array, Wording.EMPTY);
      return false;
    }
    boolean valid = true;
    for (Node item : array.items()) {
      valid &= checkNested(item);
    }
    return valid;
  }

  private boolean checkNested(Node node) {
    if (!(node instanceof Node.Struct rule)) {
      problems.schema(node, Wording.expected("Object"));
      return false;
    }
    boolean fields = checkFields(rule, false);
    return checkTest(rule) && fields;
  }

  private boolean checkComparison(Node.Struct rule) {
    List<String> present = new ArrayList<>(rule.members().keySet());
    present.retainAll(COMPARISONS.keySet());
    if (present.isEmpty()) {
      problems.schema(rule, Wording.oneOf(COMPARISONS.keySet()));
      return false;
    }
    if (present.size() > 1) {
      problems.schema(rule, Wording.onlyOneOf(present));
      return false;
    }
    Node variable = rule.get("Variable");
    Node operand = rule.get(present.getFirst());
    Operand kind = COMPARISONS.get(present.getFirst());
    return variable != null
        && operand != null
        && kind != null
        && checkOperand(variable, Operand.PATH) & checkOperand(operand, kind);
  }

  private boolean checkOperand(Node node, Operand kind) {
    Object json = node instanceof Node.Scalar scalar ? scalar.json() : node;
    boolean valid =
        switch (kind) {
          case TEXT -> json instanceof String;
          case NUMBER -> json instanceof Number;
          case BOOLEAN -> json instanceof Boolean;
          case TIMESTAMP -> json instanceof String text && Timestamps.isValid(text);
          case PATH -> json instanceof String text && text.startsWith("$");
        };
    if (!valid) {
      problems.schema(
          node,
          switch (kind) {
            case TEXT -> Wording.expected("String");
            case NUMBER -> Wording.expected("Number");
            case BOOLEAN -> Wording.expected("Boolean");
            case TIMESTAMP -> Wording.NOT_A_TIMESTAMP;
            case PATH -> Wording.NOT_A_REFERENCE_PATH + ": Reference path didn't start with '$'";
          });
    }
    return valid;
  }
}
