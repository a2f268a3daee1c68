package io.stepstream.coordinator.trigger;

import io.stepstream.asl.expr.Compiled;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.expr.EvaluationError;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.expr.Expressions;
import io.stepstream.asl.expr.ResultType;
import io.stepstream.asl.expr.Scope;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.validate.Wording;
import io.stepstream.coordinator.execution.StartRequest;
import io.stepstream.coordinator.shell.ExecutionArns;
import io.stepstream.schemas.TopicTrigger;
import io.stepstream.schemas.TriggerFormat;
import io.stepstream.schemas.codec.Payloads;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A trigger's filter, input and execution name, compiled, to be asked of records. */
final class TriggerRules {

  /** AWS's limit of an execution's input. */
  static final int MOST_INPUT_BYTES = 262_144;

  private static final int LONGEST_NAME = 80;

  // Together with a partition's and an offset's digits and hyphens no longer than a name may be.
  private static final int TOPIC_IN_NAME = 31;
  private static final int HASH_IN_NAME = 16;

  private final TopicTrigger trigger;
  private final @Nullable Expression filter;
  private final @Nullable Expression input;
  private final @Nullable Expression name;

  private TriggerRules(TopicTrigger trigger) throws Unusable {
    this.trigger = trigger;
    this.filter = expression(trigger.getFilter(), "filter", ResultType.BOOLEAN);
    this.input = template(trigger.getInput());
    this.name = expression(trigger.getExecutionName(), "executionName", ResultType.STRING);
  }

  /** The outcome of {@link #of}. */
  sealed interface Compilation {

    record Compiled(TriggerRules rules) implements Compilation {}

    /**
     * @param member of the trigger
     */
    record Invalid(String member, String reason) implements Compilation {}
  }

  private static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    private final String member;

    Unusable(String member, String reason) {
      super(reason);
      this.member = member;
    }
  }

  static Compilation of(TopicTrigger trigger) {
    try {
      return new Compilation.Compiled(new TriggerRules(trigger));
    } catch (Unusable e) {
      return new Compilation.Invalid(e.member, String.valueOf(e.getMessage()));
    }
  }

  // ------------------------------------------------------------------ compiling

  private static @Nullable Expression expression(
      @Nullable String text, String member, ResultType type) throws Unusable {
    if (text == null) {
      return null;
    }
    if (!Expressions.isJsonata(text)) {
      throw new Unusable(member, Wording.HALF_JSONATA);
    }
    return compiled(text, member, type);
  }

  private static @Nullable Expression template(@Nullable ByteBuffer json) throws Unusable {
    if (json == null) {
      return null;
    }
    return switch (Json.decode(Payloads.bytes(json))) {
      case Decoded.Malformed malformed -> throw new Unusable("input", malformed.message());
      case Decoded.Tree(Object tree) -> {
        checkBraces(tree);
        yield compiled(tree, "input", ResultType.ANY);
      }
    };
  }

  /** Half an expression would go into every input as a text. */
  private static void checkBraces(Object tree) throws Unusable {
    switch (tree) {
      case Map<?, ?> object -> {
        for (Object member : object.values()) {
          checkBraces(member);
        }
      }
      case List<?> array -> {
        for (Object item : array) {
          checkBraces(item);
        }
      }
      case String text when text.startsWith("{%") != text.endsWith("%}") ->
          throw new Unusable("input", Wording.HALF_JSONATA + ": " + text);
      default -> {}
    }
  }

  private static Expression compiled(Object json, String member, ResultType type) throws Unusable {
    return switch (Expressions.jsonata(json, member, type)) {
      case Compiled.Invalid<Expression> invalid ->
          throw new Unusable(member, "%s (at %s)".formatted(invalid.message(), invalid.location()));
      case Compiled.Ok<Expression>(Expression expression) -> {
        if (!expression.variables().isEmpty()) {
          throw new Unusable(
              member,
              "there are no variables here, but the expression reads $"
                  + String.join(", $", expression.variables()));
        }
        yield expression;
      }
    };
  }

  // ------------------------------------------------------------------ records

  /**
   * What becomes of a record. Depends on nothing else than the record and the trigger.
   *
   * @throws io.stepstream.schemas.registry.SchemaRegistryException if the registry that is needed
   *     to read the value can't be asked now
   */
  RecordVerdict judge(ConsumerRecord<byte[], byte[]> record, RecordValues values) {
    return switch (values.read(trigger.getFormat(), record.value())) {
      case RecordValues.Value.Malformed(String reason) -> new RecordVerdict.Poison(reason);
      case RecordValues.Value.Tree(Object value) -> judge(record, value);
    };
  }

  private RecordVerdict judge(ConsumerRecord<byte[], byte[]> record, Object value) {
    Map<String, Object> told = RecordContext.of(trigger.getName(), record);
    Scope scope =
        new Scope(value, Map.of("Trigger", told), null, null, Map.of(), new RecordEntropy(record));
    if (filter != null) {
      switch (filter.evaluate(scope)) {
        case Evaluation.Failed(EvaluationError error) -> {
          return poison(error);
        }
        case Evaluation.Value(Object wanted) -> {
          if (!Boolean.TRUE.equals(wanted)) {
            return new RecordVerdict.Filtered();
          }
        }
      }
    }
    Object starts = value;
    if (input != null) {
      switch (input.evaluate(scope)) {
        case Evaluation.Failed(EvaluationError error) -> {
          return poison(error);
        }
        case Evaluation.Value(Object made) -> starts = made;
      }
    }
    byte[] text = text(record, starts);
    if (text == null) {
      return new RecordVerdict.Poison(
          "the execution's input would have more than %d bytes".formatted(MOST_INPUT_BYTES));
    }
    byte[] context = Json.encodeUtf8(told, StartRequest.MOST_TRIGGER_BYTES);
    if (context == null) {
      return new RecordVerdict.Poison(
          "key and headers take more than the %d bytes that the context object has for them"
              .formatted(StartRequest.MOST_TRIGGER_BYTES));
    }
    if (name == null) {
      return new RecordVerdict.Start(nameOf(record), text, context);
    }
    return switch (name.evaluate(scope)) {
      case Evaluation.Failed(EvaluationError error) -> poison(error);
      case Evaluation.Value(String given) when ExecutionArns.isName(given) ->
          new RecordVerdict.Start(given, text, context);
      case Evaluation.Value(Object given) ->
          new RecordVerdict.Poison(
              "an execution can't be named '%s'".formatted(shortened(given.toString())));
    };
  }

  /** JSON that nobody changes stays as its writer wrote it. Null: it is too large. */
  private byte @Nullable [] text(ConsumerRecord<byte[], byte[]> record, Object starts) {
    if (input == null && trigger.getFormat() == TriggerFormat.JSON && record.value() != null) {
      return record.value().length <= MOST_INPUT_BYTES ? record.value() : null;
    }
    return Json.encodeUtf8(starts, MOST_INPUT_BYTES);
  }

  private static RecordVerdict poison(EvaluationError error) {
    return new RecordVerdict.Poison(error.error() + ": " + error.cause());
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "…";
  }

  /** A topic's name that is too long for an execution's is cut, and told apart by a hash. */
  static String nameOf(ConsumerRecord<?, ?> record) {
    String place = "-%d-%d".formatted(record.partition(), record.offset());
    String topic = record.topic();
    if (topic.length() + place.length() <= LONGEST_NAME) {
      return topic + place;
    }
    return topic.substring(0, TOPIC_IN_NAME) + '-' + hash(topic) + place;
  }

  private static String hash(String topic) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(topic.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_IN_NAME / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
