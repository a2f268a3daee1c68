package io.stepstream.asl.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.source.DefinitionProblem;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.util.List;

/** Short ways to write definitions in tests and to read them. */
final class Definitions {

  private Definitions() {}

  /**
   * A machine of this one state, called X, written with single quotes, and back quotes for single
   * ones.
   */
  static String state(String fields) {
    return machine("'StartAt': 'X', 'States': {'X': {" + fields + "}}");
  }

  /** As {@link #state}, JSONata for the whole machine. */
  static String jsonata(String fields) {
    return machine("'QueryLanguage': 'JSONata', 'StartAt': 'X', 'States': {'X': {" + fields + "}}");
  }

  static String machine(String fields) {
    return ("{" + fields + "}").replace('\'', '"').replace('`', '\'');
  }

  static DefinitionResult read(String json) {
    return DefinitionReader.read(json, Format.JSON, MachineType.STANDARD);
  }

  static StateMachine accepted(String json) {
    return switch (read(json)) {
      case DefinitionResult.Parsed parsed -> parsed.machine();
      case DefinitionResult.Rejected rejected -> fail("%s%n%s", rejected.message(), json);
    };
  }

  static List<DefinitionProblem> errors(String json) {
    return switch (read(json)) {
      case DefinitionResult.Parsed _ -> fail("accepted: %s", json);
      case DefinitionResult.Rejected rejected -> rejected.errors();
    };
  }

  /** Asserts that there is one error and that it reads {@code CODE: message at location}. */
  static void assertRejected(String json, String expected) {
    assertThat(errors(json))
        .as(json)
        .extracting(e -> e.code() + ": " + e.message() + " at " + e.location())
        .containsExactly(expected);
  }
}
