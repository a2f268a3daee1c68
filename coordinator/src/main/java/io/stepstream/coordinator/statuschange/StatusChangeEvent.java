package io.stepstream.coordinator.statuschange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.stepstream.asl.engine.RedriveRules;
import io.stepstream.coordinator.executionlog.EscapedText;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.topic.ExecutionKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An execution has another status, as EventBridge is told of it.
 *
 * @param eventId of the history event that has changed the status
 * @param date of that event
 * @param input JSON; null: it is not known here
 * @param output JSON; null: there is none
 * @param sealed whether input, output, error and cause must not be told
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html">
 *     Automating Step Functions event delivery with EventBridge</a>
 */
public record StatusChangeEvent(
    String executionArn,
    String stateMachineArn,
    String name,
    ExecutionStatus status,
    long eventId,
    Instant date,
    Instant startDate,
    byte @Nullable [] input,
    byte @Nullable [] output,
    @Nullable String error,
    @Nullable String cause,
    boolean sealed,
    @Nullable String stateMachineVersionArn,
    @Nullable String stateMachineAliasArn,
    int redriveCount,
    @Nullable Instant redriveDate) {

  /** What EventBridge takes of escaped payloads. */
  static final int PAYLOAD_BYTES = 248 * 1024;

  private static final JsonFactory JSON = new JsonFactory();

  /** The whole event, in UTF-8. */
  public byte[] toJson() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void write(JsonGenerator json) throws IOException {
    // arn:aws:states:REGION:ACCOUNT:…
    String[] arn = executionArn.split(":", 6);
    json.writeStartObject();
    json.writeStringField("version", "0");
    // A change that is told again has the same id.
    json.writeStringField(
        "id",
        UUID.nameUUIDFromBytes((executionArn + '#' + eventId).getBytes(StandardCharsets.UTF_8))
            .toString());
    json.writeStringField("detail-type", "Step Functions Execution Status Change");
    json.writeStringField("source", "aws.states");
    json.writeStringField("account", arn[4]);
    json.writeStringField("time", date.truncatedTo(ChronoUnit.SECONDS).toString());
    json.writeStringField("region", arn[3]);
    json.writeArrayFieldStart("resources");
    json.writeString(executionArn);
    json.writeEndArray();
    json.writeObjectFieldStart("detail");
    detail(json);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void detail(JsonGenerator json) throws IOException {
    boolean ended = status != ExecutionStatus.RUNNING;
    json.writeStringField("executionArn", executionArn);
    json.writeStringField("stateMachineArn", stateMachineArn);
    json.writeStringField("name", name);
    json.writeStringField("status", status.name());
    json.writeNumberField("startDate", startDate.toEpochMilli());
    date(json, "stopDate", ended ? date : null);
    String in = input == null || sealed ? null : new String(input, StandardCharsets.UTF_8);
    String out = output == null || sealed ? null : new String(output, StandardCharsets.UTF_8);
    int outBytes = out == null ? 0 : EscapedText.bytes(out);
    payload(
        json,
        "input",
        in != null && EscapedText.bytes(in) + outBytes <= PAYLOAD_BYTES ? in : null,
        true);
    payload(json, "output", outBytes <= PAYLOAD_BYTES ? out : null, output != null);
    text(json, "stateMachineVersionArn", stateMachineVersionArn);
    text(json, "stateMachineAliasArn", stateMachineAliasArn);
    json.writeNumberField("redriveCount", redriveCount);
    date(json, "redriveDate", redriveDate);
    String refusal =
        RedriveRules.refusal(
            ExecutionRows.status(status),
            startDate.toEpochMilli(),
            ended ? date.toEpochMilli() : null,
            date.toEpochMilli());
    text(json, "redriveStatus", refusal == null ? redrivable() : "NOT_REDRIVABLE");
    text(json, "redriveStatusReason", refusal);
    text(json, "error", sealed ? null : error);
    text(json, "cause", sealed ? null : cause);
  }

  private String redrivable() {
    return ExecutionKey.isChild(executionArn) ? "REDRIVABLE_BY_MAP_RUN" : "REDRIVABLE";
  }

  private static void payload(
      JsonGenerator json, String name, @Nullable String told, boolean exists) throws IOException {
    text(json, name, told);
    if (exists) {
      json.writeObjectFieldStart(name + "Details");
      json.writeBooleanField("included", told != null);
      json.writeEndObject();
    } else {
      json.writeNullField(name + "Details");
    }
  }

  private static void date(JsonGenerator json, String name, @Nullable Instant date)
      throws IOException {
    if (date == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, date.toEpochMilli());
    }
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, value);
    }
  }
}
