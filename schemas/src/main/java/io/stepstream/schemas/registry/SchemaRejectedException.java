package io.stepstream.schemas.registry;

/** The registry refuses this schema under this subject, and will refuse it again. */
public final class SchemaRejectedException extends SchemaRegistryException {

  SchemaRejectedException(String message) {
    super(message, null);
  }
}
