package io.stepstream.schemas.registry;

import static java.util.Objects.requireNonNull;

import org.apache.avro.Schema;

/** A registry's answer to a schema id. */
public sealed interface SchemaLookup {

  /** The id stands for this schema, for ever. */
  record Found(Schema schema) implements SchemaLookup {
    public Found {
      requireNonNull(schema, "schema");
    }
  }

  /**
   * The registry answered, and there is no Avro schema which could be used.
   *
   * @param reason names the id and the registry
   */
  record Missing(String reason) implements SchemaLookup {
    public Missing {
      requireNonNull(reason, "reason");
    }
  }
}
