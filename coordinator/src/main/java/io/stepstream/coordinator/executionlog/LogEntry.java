package io.stepstream.coordinator.executionlog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.codec.Payloads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the log: one history event as JSON, as AWS writes it to CloudWatch Logs. Numbers of
 * the envelope are strings there.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html">Using CloudWatch
 *     Logs to log execution history</a>
 */
public final class LogEntry {

  /** Bytes of user texts in one entry; what is beyond them is cut off, as AWS does. */
  static final int TEXT_BYTES = 248 * 1024;

  private static final JsonFactory JSON = new JsonFactory();

  /** What of an event may be told. */
  public enum Contents {
    /** All of it. */
    DATA,
    /** No inputs, outputs, parameters and variables: includeExecutionData is false. */
    NO_DATA,
    /** No error and cause either, which are sealed with the payloads. */
    NO_SEALED
  }

  private LogEntry() {}

  /**
   * One line of UTF-8 without its end.
   *
   * @param event not sealed
   * @param redriveCount of the execution when the event happened
   */
  public static byte[] of(
      String executionArn, int redriveCount, HistoryEvent event, Contents contents) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("id", Long.toString(event.getId()));
      json.writeStringField("type", event.getType().name());
      json.writeObjectFieldStart("details");
      if (event.getDetails() != null) {
        new Writer(json, contents).write(event.getDetails());
      }
      json.writeEndObject();
      json.writeStringField("redrive_count", Integer.toString(redriveCount));
      json.writeStringField("previous_event_id", Long.toString(event.getPreviousEventId()));
      json.writeStringField("event_timestamp", Long.toString(event.getTimestamp().toEpochMilli()));
      json.writeStringField("execution_arn", executionArn);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Writes the details of one event. */
  private static final class Writer {

    private final JsonGenerator json;
    private final Contents contents;
    private int left = TEXT_BYTES;

    Writer(JsonGenerator json, Contents contents) {
      this.json = json;
      this.contents = contents;
    }

    void write(HistoryEventDetails details) throws IOException {
      text("name", details.getName());
      text("resourceType", details.getResourceType());
      text("resource", details.getResource());
      text("region", details.getRegion());
      if (contents != Contents.NO_SEALED) {
        text("error", details.getError());
        text("cause", details.getCause());
      }
      if (contents == Contents.DATA) {
        payload("input", details.getInput());
        payload("output", details.getOutput());
        if (details.getParameters() != null) {
          json.writeStringField("parameters", cut(text(details.getParameters())));
        }
        variables(details.getAssignedVariables());
      }
      number("timeoutInSeconds", details.getTimeoutInSeconds());
      number("heartbeatInSeconds", details.getHeartbeatInSeconds());
      number("index", details.getIndex());
      number("length", details.getLength());
      text("workerName", details.getWorkerName());
      text("mapRunArn", details.getMapRunArn());
      text("state", details.getState());
      text("location", details.getLocation());
      number("redriveCount", details.getRedriveCount());
      text("roleArn", details.getRoleArn());
      text("stateMachineVersionArn", details.getStateMachineVersionArn());
      text("stateMachineAliasArn", details.getStateMachineAliasArn());
      if (details.getTaskCredentialsRoleArn() != null) {
        json.writeObjectFieldStart("taskCredentials");
        text("roleArn", details.getTaskCredentialsRoleArn());
        json.writeEndObject();
      }
    }

    private void text(String name, @Nullable String value) throws IOException {
      if (value != null) {
        json.writeStringField(name, cut(value));
      }
    }

    private void number(String name, @Nullable Number value) throws IOException {
      if (value != null) {
        json.writeNumberField(name, value.longValue());
      }
    }

    private void payload(String name, @Nullable ByteBuffer value) throws IOException {
      if (value == null) {
        return;
      }
      String whole = text(value);
      String told = cut(whole);
      json.writeStringField(name, told);
      truncated(name + "Details", told.length() < whole.length());
    }

    private void variables(@Nullable Map<String, ByteBuffer> variables) throws IOException {
      if (variables == null) {
        return;
      }
      boolean truncated = false;
      json.writeObjectFieldStart("assignedVariables");
      for (Map.Entry<String, ByteBuffer> variable : new TreeMap<>(variables).entrySet()) {
        String whole = text(variable.getValue());
        String told = cut(whole);
        json.writeStringField(variable.getKey(), told);
        truncated |= told.length() < whole.length();
      }
      json.writeEndObject();
      truncated("assignedVariablesDetails", truncated);
    }

    private void truncated(String name, boolean truncated) throws IOException {
      json.writeObjectFieldStart(name);
      json.writeBooleanField("truncated", truncated);
      json.writeEndObject();
    }

    private String cut(String text) {
      int end = EscapedText.fitting(text, left);
      left -= EscapedText.bytes(text, end);
      return text.substring(0, end);
    }

    private static String text(ByteBuffer payload) {
      return new String(Payloads.bytes(payload), StandardCharsets.UTF_8);
    }
  }
}
