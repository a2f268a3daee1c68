package io.stepstream.asl.expr;

import io.stepstream.asl.json.Json;
import java.util.Set;

/** A JSONPath as the value of a field. */
final class PathExpression implements Expression {

  /** AWS words a missing value differently from field to field. */
  enum Wording {
    /** InputPath, OutputPath, ItemsPath and most other fields that hold a path. */
    INVALID_PATH,
    /** Fields of payload templates, ErrorPath and CausePath. */
    NOT_FOUND_FOR_FIELD,
    /** SecondsPath and TimestampPath. */
    NO_INPUT_VALUE,
    /** Arguments of intrinsic functions. */
    ARGUMENT
  }

  private final JsonPathParser.Path path;
  private final Wording wording;
  private final String field;
  private final String location;

  PathExpression(JsonPathParser.Path path, Wording wording, String field, String location) {
    this.path = path;
    this.wording = wording;
    this.field = field;
    this.location = location;
  }

  @Override
  public Evaluation evaluate(Scope scope) {
    Object root = path.root().in(scope);
    Object found = root == null ? null : path.query().find(root);
    return found == null
        ? Evaluation.failed("States.Runtime", cause(scope), location)
        : new Evaluation.Value(found);
  }

  @Override
  public String source() {
    return path.text();
  }

  @Override
  public Set<String> variables() {
    return path.root().variables();
  }

  private String cause(Scope scope) {
    return switch (wording) {
      case INVALID_PATH -> "Invalid path '%s' : %s".formatted(path.text(), whyAbsent(scope));
      case NOT_FOUND_FOR_FIELD ->
          "The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'"
              .formatted(path.text(), field, searched(scope));
      case NO_INPUT_VALUE ->
          "The %s parameter does not reference an input value: %s".formatted(field, path.text());
      case ARGUMENT ->
          "The JsonPath argument for the field '%s' could not be found in the input '%s'"
              .formatted(path.text(), searched(scope));
    };
  }

  private String whyAbsent(Scope scope) {
    Object root = path.root().in(scope);
    return root == null ? "No results for path: $" : path.query().whyAbsent(root);
  }

  private String searched(Scope scope) {
    Object root = path.root().in(scope);
    return Json.encode(root == null ? scope.input() : root);
  }
}
