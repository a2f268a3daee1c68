package io.stepstream.integrations.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.worker.handler.TaskFailedException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The argument {@code Headers} of a record that is to be published. */
final class GivenHeaders {

  /** The header with the ARN of the execution. */
  static final String EXECUTION = "stepstream.execution-arn";

  /** The header that names the attempt: two records with the same are the same. */
  static final String IDEMPOTENCY_KEY = "stepstream.idempotency-key";

  /** The header with the ARN of the Map run whose result the record is. */
  static final String MAP_RUN = "stepstream.map-run-arn";

  /** The header that says whether the result is of a child that SUCCEEDED or FAILED. */
  static final String RESULT = "stepstream.result";

  /**
   * The header with how often the Map run had been redriven: of results with the same key the
   * highest counts.
   */
  static final String REDRIVE = "stepstream.redrive-count";

  private static final String OWN = "stepstream.";

  private GivenHeaders() {}

  /**
   * @throws TaskFailedException {@code States.Runtime}: they are no object of strings, or one has a
   *     name that is Stepstream's
   */
  static RecordHeaders of(KafkaArguments arguments) {
    RecordHeaders headers = new RecordHeaders();
    JsonNode given = arguments.get("Headers");
    if (given == null || given.isNull()) {
      return headers;
    }
    if (!given.isObject()) {
      throw KafkaArguments.refused("The argument 'Headers' must be an object of strings.");
    }
    given
        .properties()
        .forEach(
            header -> {
              if (header.getKey().startsWith(OWN)) {
                throw KafkaArguments.refused(
                    "The header '%s' can't be set: those of 'stepstream.' are Stepstream's."
                        .formatted(header.getKey()));
              }
              headers.add(header.getKey(), bytes(header.getKey(), header.getValue()));
            });
    return headers;
  }

  private static byte @Nullable [] bytes(String name, JsonNode value) {
    try {
      return Format.TEXT.encode(value);
    } catch (Encoding.Unreadable e) {
      throw KafkaArguments.refused("The header '%s' is %s.".formatted(name, e.getMessage()));
    }
  }
}
