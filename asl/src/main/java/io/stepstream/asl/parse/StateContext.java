package io.stepstream.asl.parse;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;

/** What the parsers of one state share. */
record StateContext(String name, Fields fields, ExpressionParser expressions, Problems problems) {

  QueryLanguage language() {
    return expressions.language();
  }

  boolean isJsonata() {
    return expressions.isJsonata();
  }

  /** The fields of an object inside the state. */
  Fields inner(Node.Struct node) {
    return new Fields(node, problems);
  }
}
