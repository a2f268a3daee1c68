package io.stepstream.asl.parse;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.expr.Compiled;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.Expressions;
import io.stepstream.asl.expr.ResultPath;
import io.stepstream.asl.expr.ResultType;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Path;
import io.stepstream.asl.source.ProblemCode;
import io.stepstream.asl.source.Problems;
import io.stepstream.asl.validate.Wording;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the expressions of one state, in its language. What can't be compiled is reported where
 * it stands: not the field around it, but the very value, and each of several.
 */
final class ExpressionParser {

  private final Path state;
  private final QueryLanguage language;
  private final Problems problems;

  ExpressionParser(Path state, QueryLanguage language, Problems problems) {
    this.state = state;
    this.language = language;
    this.problems = problems;
  }

  QueryLanguage language() {
    return language;
  }

  boolean isJsonata() {
    return language == QueryLanguage.JSONATA;
  }

  /** JSONPath's InputPath or OutputPath. */
  @Nullable Expression nullablePath(@Nullable Node node) {
    return compile(node, Expressions::nullablePath);
  }

  @Nullable Expression path(@Nullable Node node) {
    return compile(node, Expressions::path);
  }

  @Nullable Expression referencePath(@Nullable Node node) {
    return compile(node, Expressions::referencePath);
  }

  /** A reference path into the input or a variable; AWS doesn't take the context object here. */
  @Nullable Expression inputReferencePath(@Nullable Node node) {
    if (node instanceof Node.Scalar scalar
        && scalar.json() instanceof String text
        && text.startsWith("$$")) {
      problems.schema(node, Wording.NOT_A_REFERENCE_PATH);
      return null;
    }
    return referencePath(node);
  }

  @Nullable Expression referencePathOrIntrinsic(@Nullable Node node) {
    return compile(node, Expressions::referencePathOrIntrinsic);
  }

  /** Where a result goes; an absent field is {@code $}. */
  @Nullable ResultPath resultPath(@Nullable Node node) {
    return node == null
        ? take(Expressions.resultPath("$", "ResultPath"), null)
        : compile(node, Expressions::resultPath);
  }

  /** A value in the state's language: a payload template, or JSON with JSONata expressions. */
  @Nullable Expression payload(@Nullable Node node) {
    return isJsonata() ? jsonata(node) : template(node);
  }

  private @Nullable Expression template(@Nullable Node node) {
    if (node == null || hasTemplateProblems(node)) {
      return null;
    }
    return compile(node, Expressions::template);
  }

  @Nullable Expression jsonata(@Nullable Node node) {
    return jsonata(node, ResultType.ANY);
  }

  @Nullable Expression jsonata(@Nullable Node node, ResultType type) {
    if (node == null || hasJsonataProblems(node)) {
      return null;
    }
    return compile(node, (json, location) -> Expressions.jsonata(json, location, type));
  }

  /** The variables that an {@code Assign} sets, none when it is absent. */
  Map<String, Expression> assign(@Nullable Node node) {
    if (node == null) {
      return Map.of();
    }
    if (!(node instanceof Node.Struct)) {
      problems.schema(node, Wording.expected("Object"));
      return Map.of();
    }
    Map<String, Expression> variables = null;
    if (isJsonata()) {
      if (!hasJsonataProblems(node)) {
        variables = compile(node, Expressions::jsonataFields);
      }
    } else if (!hasTemplateProblems(node)) {
      variables = compile(node, Expressions::templateFields);
    }
    return variables == null ? Map.of() : variables;
  }

  /** A number: a literal in its range or, in JSONata, an expression. */
  @Nullable Expression number(Fields fields, String name, Range range) {
    Node node = fields.get(name);
    if (node == null) {
      return null;
    }
    if (isJsonata() && isText(node)) {
      return number(node, range.integer() ? "Integer" : "Number");
    }
    Number literal = fields.number(node, range);
    return literal == null ? null : Expressions.constant(literal);
  }

  /** A text: a literal or, in JSONata, an expression. */
  @Nullable Expression text(Fields fields, String name) {
    Node node = fields.get(name);
    if (node == null) {
      return null;
    }
    String literal = fields.text(node);
    if (literal == null) {
      return null;
    }
    return isJsonata() ? jsonata(node, ResultType.STRING) : Expressions.constant(literal);
  }

  /** A JSONata expression where any other text would be of the wrong type. */
  private @Nullable Expression number(Node node, String type) {
    if (node instanceof Node.Scalar scalar
        && scalar.json() instanceof String text
        && !text.startsWith("{%")
        && !text.endsWith("%}")) {
      problems.schema(node, Wording.expected(type));
      return null;
    }
    return jsonata(node, ResultType.NUMBER);
  }

  <T> @Nullable T compile(@Nullable Node node, BiFunction<Object, String, Compiled<T>> compiler) {
    return node == null ? null : take(compiler.apply(node.json(), location(node)), node);
  }

  /** The compiled value; when there is none, the reason is reported at the node. */
  private <T> @Nullable T take(Compiled<T> compiled, @Nullable Node node) {
    return switch (compiled) {
      case Compiled.Ok<T>(T value) -> value;
      case Compiled.Invalid<T>(String code, String message, String _) -> {
        if (node == null) {
          throw new IllegalStateException("a default is invalid: " + message);
        }
        problems.error(ProblemCode.valueOf(code), node, message);
        yield null;
      }
    };
  }

  /** Reports every expression at any depth that isn't valid. */
  private boolean hasJsonataProblems(Node node) {
    return switch (node) {
      case Node.Struct struct -> {
        boolean found = false;
        for (Node.Member member : struct.members().values()) {
          found |= hasJsonataProblems(member.value());
        }
        yield found;
      }
      case Node.Array array -> {
        boolean found = false;
        for (Node item : array.items()) {
          found |= hasJsonataProblems(item);
        }
        yield found;
      }
      case Node.Scalar scalar ->
          scalar.json() instanceof String text && hasJsonataProblem(scalar, text);
    };
  }

  private boolean hasJsonataProblem(Node.Scalar node, String text) {
    boolean opens = text.startsWith("{%");
    boolean closes = text.endsWith("%}");
    if (opens != closes || opens && text.length() < 4) {
      problems.schema(node, Wording.HALF_JSONATA);
      return true;
    }
    return opens && compile(node, Expressions::jsonata) == null;
  }

  /**
   * Reports every expression of a template that isn't valid, and every name that is there twice.
   */
  private boolean hasTemplateProblems(Node node) {
    return switch (node) {
      case Node.Struct struct -> {
        boolean found = false;
        for (Map.Entry<String, Node.Member> field : struct.members().entrySet()) {
          found |= hasTemplateProblem(struct, field.getKey(), field.getValue().value());
        }
        yield found;
      }
      case Node.Array array -> {
        boolean found = false;
        for (Node item : array.items()) {
          found |= hasTemplateProblems(item);
        }
        yield found;
      }
      case Node.Scalar _ -> false;
    };
  }

  private boolean hasTemplateProblem(Node.Struct around, String name, Node value) {
    if (!name.endsWith(".$")) {
      return hasTemplateProblems(value);
    }
    String plain = name.substring(0, name.length() - 2);
    if (around.has(plain)) {
      problems.schemaOfField(
          around,
          name,
          "The fields '%s' and '%s' give the same name '%s'".formatted(plain, name, plain));
      return true;
    }
    Compiled<Expression> compiled =
        Expressions.template(Map.of(name, value.json()), location(around));
    if (compiled instanceof Compiled.Invalid<Expression>(String _, String message, String _)) {
      problems.schemaOfField(around, name, message);
      return true;
    }
    return false;
  }

  private static boolean isText(Node node) {
    return node instanceof Node.Scalar scalar && scalar.json() instanceof String;
  }

  private String location(Node node) {
    return node.path().locationFrom(state);
  }
}
