package io.stepstream.schemas.registry;

import static java.util.Objects.requireNonNull;

import org.apache.avro.Schema;

/** A registry's answer to a subject. */
public sealed interface SubjectLookup {

  /** The subject's latest version, as of lately. */
  record Found(int id, Schema schema) implements SubjectLookup {
    public Found {
      requireNonNull(schema, "schema");
    }
  }

  /**
   * The registry answered, and there is no Avro schema which could be used.
   *
   * @param reason names the subject and the registry
   */
  record Missing(String reason) implements SubjectLookup {
    public Missing {
      requireNonNull(reason, "reason");
    }
  }
}
