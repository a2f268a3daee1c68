package io.stepstream.coordinator.execution;

import org.jspecify.annotations.Nullable;

/**
 * Another node has what is asked for, and can answer; or none has it now, since it is being moved
 * or restored.
 */
public final class Elsewhere extends RuntimeException {

  private final @Nullable String address;

  /**
   * @param address of the other node's API, {@code host:port}
   */
  public Elsewhere(String address) {
    super("The node at " + address + " has it");
    this.address = address;
  }

  /** No node is known to have it now. */
  public Elsewhere(Throwable cause) {
    super("It is being moved or restored", cause);
    this.address = null;
  }

  /** Null: no node is known to have it. */
  public @Nullable String address() {
    return address;
  }
}
