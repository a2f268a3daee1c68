package io.stepstream.asl.items;

import java.io.IOException;

/** Reading again would not help; the message is the cause of {@code States.ItemReaderFailed}. */
public final class ReadRefused extends IOException {

  private static final long serialVersionUID = 1L;

  public ReadRefused(String message) {
    super(message);
  }
}
