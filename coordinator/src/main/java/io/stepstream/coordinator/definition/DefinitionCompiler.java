package io.stepstream.coordinator.definition;

import io.stepstream.schemas.Lane;

/** Makes a definition's text runnable. Total: whatever the bytes are, it answers. */
@FunctionalInterface
public interface DefinitionCompiler {

  /**
   * Parses and validates a definition.
   *
   * @param lane some features are not for Express
   */
  Compilation compile(byte[] definition, Lane lane);
}
