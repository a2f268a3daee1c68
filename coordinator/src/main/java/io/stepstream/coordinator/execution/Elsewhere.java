package io.stepstream.coordinator.execution;

/** Another node has what is asked for, and can answer. */
public final class Elsewhere extends RuntimeException {

  private final String address;

  /**
   * @param address of the other node's API, {@code host:port}
   */
  public Elsewhere(String address) {
    super("The node at " + address + " has it");
    this.address = address;
  }

  public String address() {
    return address;
  }
}
