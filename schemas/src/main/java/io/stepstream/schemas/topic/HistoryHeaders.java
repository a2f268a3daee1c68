package io.stepstream.schemas.topic;

import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEventType;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** What the headers of history records say, so that not every reader has to decode every record. */
public final class HistoryHeaders {

  /** The execution's status after the record's last event; only on records that change it. */
  public static final String STATUS = "stepstream.status";

  private HistoryHeaders() {}

  /** The status that an execution has after this event. */
  public static ExecutionStatus statusAfter(HistoryEventType latest) {
    return switch (latest) {
      case ExecutionSucceeded -> ExecutionStatus.SUCCEEDED;
      case ExecutionFailed -> ExecutionStatus.FAILED;
      case ExecutionTimedOut -> ExecutionStatus.TIMED_OUT;
      case ExecutionAborted -> ExecutionStatus.ABORTED;
      default -> ExecutionStatus.RUNNING;
    };
  }

  /** Null: the record changes no status, or this release does not know that one. */
  public static @Nullable ExecutionStatus status(Headers headers) {
    Header header = headers.lastHeader(STATUS);
    if (header == null || header.value() == null) {
      return null;
    }
    String name = new String(header.value(), StandardCharsets.US_ASCII);
    for (ExecutionStatus status : ExecutionStatus.values()) {
      if (status.name().equals(name)) {
        return status;
      }
    }
    return null;
  }
}
