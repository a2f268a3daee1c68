package io.stepstream.dev.client;

/** The service's refusal of a call. */
public final class ApiError extends Exception {
  private final String code;

  ApiError(String code, String message) {
    super(message);
    this.code = code;
  }

  /** AWS's name of the error, for example {@code ExecutionAlreadyExists}. */
  public String code() {
    return code;
  }
}
