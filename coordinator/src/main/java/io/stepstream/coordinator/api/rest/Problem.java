package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.stepstream.coordinator.execution.Unavailable;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An error as {@code application/problem+json}.
 *
 * @param status of HTTP
 * @param title the kind of problem, the same each time
 * @param detail what is wrong this time
 * @param where the parameter, and the place in it counted from 1; null: it is no parameter's fault
 * @param mend how to do better; null: nobody can say
 * @param retryAfter seconds to wait; null: waiting won't help
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    int status,
    String title,
    String detail,
    @Nullable Where where,
    @Nullable String mend,
    @Nullable Long retryAfter) {

  static final String CONTENT_TYPE = "application/problem+json";

  private static final Logger LOG = LoggerFactory.getLogger(Problem.class);

  /**
   * Where the problem is.
   *
   * @param at the place in the parameter's value, counted from 1; null: all of it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Where(String parameter, @Nullable Integer at) {}

  static Problem invalid(String parameter, @Nullable Integer at, String detail, String mend) {
    return new Problem(400, "Invalid request", detail, new Where(parameter, at), mend, null);
  }

  /** Nothing here answers such a request. */
  public static Problem rejected(int status) {
    return new Problem(
        status,
        "Not served",
        "There is no such resource, or not with this method",
        null,
        "GET /api/openapi tells what there is",
        null);
  }

  static Problem notFound(String detail, String mend) {
    return new Problem(404, "Not found", detail, null, mend, null);
  }

  static Problem conflict(String detail, String mend) {
    return new Problem(409, "Conflict", detail, null, mend, null);
  }

  static Problem notJson() {
    return new Problem(
        415, "Not JSON", "The body has another type", null, "Send application/json", null);
  }

  static Problem unavailable(String detail, Duration retryAfter) {
    return new Problem(
        503,
        "Not available now",
        detail,
        null,
        "Try again after a while",
        Math.ceilDiv(retryAfter.toMillis(), 1000L));
  }

  /** Of a request that can't be used, of an outage, or of a bug, which goes to the log. */
  static Problem of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof Parameters.Unusable unusable) {
      return unusable.problem();
    }
    if (cause instanceof Unavailable unavailable) {
      return unavailable(String.valueOf(unavailable.getMessage()), unavailable.retryAfter());
    }
    LOG.error("A request failed", cause);
    return new Problem(500, "Internal error", "The log has the details", null, null, null);
  }
}
