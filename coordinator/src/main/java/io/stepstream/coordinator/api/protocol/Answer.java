package io.stepstream.coordinator.api.protocol;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What an action answers. */
public sealed interface Answer {

  /** HTTP 200 with these members. */
  record Success(Members members) implements Answer {}

  /**
   * An error in AWS's form.
   *
   * @param status of HTTP
   * @param code AWS's name of the error, for example {@code InvalidArn}
   * @param reason AWS's machine-readable reason of a ValidationException
   * @param retryAfter how long the caller had better wait before it tries again
   */
  record Refusal(
      int status,
      String code,
      String message,
      @Nullable String reason,
      @Nullable Duration retryAfter)
      implements Answer {

    /** An error that AWS answers with HTTP 400. */
    static Refusal of(String code, String message) {
      return new Refusal(400, code, message, null, null);
    }
  }

  /** Writes the members of a JSON object that the caller has opened and will close. */
  @FunctionalInterface
  interface Members {
    void writeTo(JsonMembers json);
  }

  static Answer success(Members members) {
    return new Success(members);
  }

  default CompletionStage<Answer> now() {
    return CompletableFuture.completedFuture(this);
  }
}
