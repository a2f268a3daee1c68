package io.stepstream.asl.parse;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import java.util.List;

/**
 * Which language is in force. A state inherits the machine's, never that of the Map or Parallel
 * state around it.
 */
final class QueryLanguages {

  private static final String FIELD = "QueryLanguage";
  private static final List<String> NAMES =
      List.of(QueryLanguage.JSON_PATH.aslName(), QueryLanguage.JSONATA.aslName());

  private QueryLanguages() {}

  static QueryLanguage ofMachine(Fields machine) {
    return of(machine, QueryLanguage.JSON_PATH);
  }

  static QueryLanguage ofState(Fields state, QueryLanguage machine, Problems problems) {
    QueryLanguage language = of(state, machine);
    if (machine == QueryLanguage.JSONATA && language == QueryLanguage.JSON_PATH) {
      Node.Struct node = state.node();
      problems.schemaOfField(
          node,
          FIELD,
          "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
    }
    return language;
  }

  /** AWS takes every value but 'JSONPath' for JSONata, and reports those that are neither. */
  private static QueryLanguage of(Fields fields, QueryLanguage inherited) {
    if (!fields.has(FIELD)) {
      return inherited;
    }
    String name = fields.text(FIELD, NAMES);
    return QueryLanguage.JSON_PATH.aslName().equals(name)
        ? QueryLanguage.JSON_PATH
        : QueryLanguage.JSONATA;
  }
}
