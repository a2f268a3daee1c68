package io.stepstream.schemas.registry;

import org.jspecify.annotations.Nullable;

/** A registry could not do its part; the two kinds ask for different reactions. */
public abstract sealed class SchemaRegistryException extends RuntimeException
    permits RegistryUnavailableException, SchemaRejectedException {

  SchemaRegistryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
