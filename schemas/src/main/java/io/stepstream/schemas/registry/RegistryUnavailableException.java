package io.stepstream.schemas.registry;

import org.jspecify.annotations.Nullable;

/**
 * No answer, or one that says nothing about the schema (timeout, 5xx, wrong URL, no permission).
 */
public final class RegistryUnavailableException extends SchemaRegistryException {

  RegistryUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
