package io.stepstream.coordinator.definition;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.schemas.Lane;
import java.util.Map;

/** Definitions, and a compiler that knows no more than these need. */
public final class TestDefinitions {

  public static final String PASS =
      "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Pass\",\"End\":true}}}";

  /** What the compiler says of every other text. */
  public static final String INVALID =
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required:"
          + " [States] at /'";

  private TestDefinitions() {}

  /** Valid is what names its states. */
  public static Compilation compile(byte[] definition, Lane lane) {
    return new String(definition, UTF_8).contains("\"States\"")
        ? new Compilation.Compiled(
            new StateMachine(null, QueryLanguage.JSON_PATH, null, new Flow("", "S", Map.of())))
        : new Compilation.Invalid(INVALID);
  }
}
