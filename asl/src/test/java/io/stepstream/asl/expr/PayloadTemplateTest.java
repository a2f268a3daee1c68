package io.stepstream.asl.expr;

import static io.stepstream.asl.expr.Evaluations.error;
import static io.stepstream.asl.expr.Evaluations.invalid;
import static io.stepstream.asl.expr.Evaluations.json;
import static io.stepstream.asl.expr.Evaluations.object;
import static io.stepstream.asl.expr.Evaluations.ok;
import static io.stepstream.asl.expr.Evaluations.scope;
import static io.stepstream.asl.expr.Evaluations.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PayloadTemplateTest {

  private static Expression template(String text) {
    return ok(Expressions.template(json(text), "Parameters"));
  }

  @Test
  void shouldReplaceFieldsAtAnyDepth() {
    assertThat(
            value(
                template(
                        """
                        {"c":"$.x","p.$":"$.x","ctx.$":"$$.Execution.Name","v.$":"$w",
                         "o":{"deep.$":"States.MathAdd($.x, 1)"},"l":[{"i.$":"$.x"},"$.x",2]}
                        """)
                    .evaluate(scope("{\"x\":1}", "{\"w\":[true]}"))))
        .isEqualTo(
            "{\"c\":\"$.x\",\"p\":1,\"ctx\":\"one\",\"v\":[true],\"o\":{\"deep\":2},\"l\":[{\"i\":1},\"$.x\",2]}");
  }

  @Test
  void shouldShareConstantParts() {
    Expression template = template("{\"a\":{\"b\":[1,2]},\"x.$\":\"$.x\"}");
    Map<?, ?> first = (Map<?, ?>) ((Evaluation.Value) template.evaluate(scope("{\"x\":1}"))).json();
    Map<?, ?> second =
        (Map<?, ?>) ((Evaluation.Value) template.evaluate(scope("{\"x\":2}"))).json();
    assertThat(first.get("a")).isSameAs(second.get("a"));
    assertThat(first.get("x")).isNotEqualTo(second.get("x"));
  }

  @Test
  void shouldNameTheFieldWhosePathIsMissing() {
    EvaluationError error =
        error(template("{\"value.$\":\"$.no_such\"}").evaluate(scope("{\"a\":1}")));
    assertThat(error.error()).isEqualTo("States.Runtime");
    assertThat(error.cause())
        .isEqualTo(
            "The JSONPath '$.no_such' specified for the field 'value.$' could not be found in the"
                + " input '{\"a\":1}'");
  }

  @Test
  void shouldRefuseFieldsThatAreNoExpression() {
    for (String bad : new String[] {"\"x\"", "1", "\"$.a[\"", "\"States.No()\"", "null"}) {
      Compiled.Invalid<Expression> invalid =
          invalid(Expressions.template(object("{\"o\":{\"parsed.$\":" + bad + "}}"), "Parameters"));
      assertThat(invalid.message())
          .isEqualTo(
              "The value for the field 'parsed.$' must be a valid JSONPath or a valid intrinsic"
                  + " function call");
      assertThat(invalid.location()).isEqualTo("Parameters/o");
      assertThat(invalid.code()).isEqualTo("SCHEMA_VALIDATION_FAILED");
    }
  }

  @Test
  void shouldRefuseTwoFieldsOfOneName() {
    invalid(Expressions.template(object("{\"a\":1,\"a.$\":\"$.x\"}"), "Parameters"));
  }

  @Test
  void shouldGiveTheFieldsOfAssignOneByOne() {
    Map<String, Expression> fields =
        ok(Expressions.templateFields(object("{\"a.$\":\"$v\",\"b\":2}"), "Assign"));
    assertThat(fields).containsOnlyKeys("a", "b");
    assertThat(fields.get("a").variables()).containsExactly("v");
    invalid(Expressions.templateFields(1, "Assign"));
  }
}
