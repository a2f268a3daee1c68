package io.stepstream.coordinator.access;

/** What became of an attempt to show who one is. */
public sealed interface Authentication {

  record Known(Caller caller) implements Authentication {}

  /**
   * @param code AWS's name of the error
   */
  record Refused(String code, String message) implements Authentication {}

  static Authentication missing() {
    return new Refused(
        "MissingAuthenticationTokenException",
        "Missing Authentication Token: sign the request with an access key, or send an API key");
  }

  /** One message for all reasons: which part was wrong is nobody's business. */
  static Authentication unrecognized() {
    return new Refused(
        "UnrecognizedClientException", "The security token included in the request is invalid.");
  }

  /** Of credentials that were right until their end. */
  static Authentication expired() {
    return new Refused(
        "ExpiredTokenException", "The security token included in the request is expired");
  }

  static Authentication incomplete(String message) {
    return new Refused("IncompleteSignatureException", message);
  }

  static Authentication invalidSignature(String message) {
    return new Refused("InvalidSignatureException", message);
  }
}
