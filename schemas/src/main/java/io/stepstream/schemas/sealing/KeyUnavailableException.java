package io.stepstream.schemas.sealing;

/**
 * A key is needed and is not there. That says nothing about the record that needs it, which must be
 * tried again and not be put aside.
 */
public final class KeyUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Without a trace: an absent key concerns every record of its machines. */
  public KeyUnavailableException(String reason) {
    super(reason, null, false, false);
  }
}
