package io.stepstream.coordinator.trigger;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.TriggerFormat;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.sealing.SealProblem;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.Topics;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of records as JSON, by their format. Not thread safe: one per reader. */
final class RecordValues {

  private final AvroValues avro;
  private final RecordCodec<ExecutionCompleted> completions;
  private final PayloadKeys keys;

  RecordValues(SchemaRegistry registry, PayloadKeys keys) {
    this.keys = keys;
    this.avro = new AvroValues(registry);
    this.completions = WireCodec.forTopic(ExecutionCompleted.class, Topics.COMPLETIONS, registry);
  }

  /** What a value is. */
  sealed interface Value {

    record Tree(Object json) implements Value {}

    record Malformed(String reason) implements Value {}
  }

  /**
   * A record without a value, as compacted topics have them for what was deleted, is JSON's null.
   *
   * @throws io.stepstream.schemas.registry.SchemaRegistryException if the registry can't be asked;
   *     that says nothing of the value
   * @throws KeyUnavailableException if the value is sealed and its key is not there; the same
   */
  Value read(TriggerFormat format, byte @Nullable [] value) {
    if (value == null) {
      return new Value.Tree(Json.NULL);
    }
    return switch (format) {
      case JSON -> json(value);
      case STRING -> {
        String text = RecordContext.utf8(value);
        yield text == null ? new Value.Malformed("the value is not UTF-8") : new Value.Tree(text);
      }
      case BYTES -> new Value.Tree(Base64.getEncoder().encodeToString(value));
      case AVRO -> avro.read(value);
      case COMPLETION -> completion(value);
      case UNKNOWN -> throw new IllegalStateException("a format of a newer release has no reader");
    };
  }

  private static Value json(byte[] value) {
    return switch (Json.decode(value)) {
      case Decoded.Tree(Object json) -> new Value.Tree(json);
      case Decoded.Malformed malformed ->
          new Value.Malformed(
              "the value is not JSON: %s (line %d, column %d)"
                  .formatted(malformed.message(), malformed.line(), malformed.column()));
    };
  }

  /** The members of ExecutionCompleted that there are; payloads as the JSON that they hold. */
  private Value completion(byte[] value) {
    return switch (completions.decode(value)) {
      case io.stepstream.schemas.codec.Decoded.Unreadable<ExecutionCompleted>(String reason) ->
          new Value.Malformed(reason);
      case io.stepstream.schemas.codec.Decoded.Read<ExecutionCompleted>(var end) ->
          switch (SealedFields.open(end, keys, end.getExecutionArn())) {
            case null -> told(end);
            case SealProblem.KeyMissing(String reason) -> throw new KeyUnavailableException(reason);
            case SealProblem.Tampered(String reason) -> new Value.Malformed(reason);
          };
    };
  }

  private static Value told(ExecutionCompleted end) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("executionArn", end.getExecutionArn());
    told.put("stateMachineArn", end.getStateMachineArn());
    put(told, "stateMachineVersionArn", end.getStateMachineVersionArn());
    put(told, "stateMachineAliasArn", end.getStateMachineAliasArn());
    told.put("name", end.getName());
    told.put("lane", end.getLane().name());
    told.put("status", end.getStatus().name());
    told.put("startDate", end.getStartDate().toString());
    told.put("stopDate", end.getStopDate().toString());
    put(told, "input", payload(end.getInput()));
    put(told, "output", end.getOutput() == null ? null : payload(end.getOutput()));
    put(told, "error", end.getError());
    put(told, "cause", end.getCause());
    put(told, "traceHeader", end.getTraceHeader());
    return new Value.Tree(told);
  }

  private static void put(Map<String, Object> told, String name, @Nullable Object value) {
    if (value != null) {
      told.put(name, value);
    }
  }

  /** Null: an execution that has failed since its input is no JSON. */
  private static @Nullable Object payload(ByteBuffer payload) {
    return Json.decode(Payloads.bytes(payload)) instanceof Decoded.Tree(Object json) ? json : null;
  }
}
