package io.stepstream.schemas.sealing;

import io.stepstream.schemas.codec.Payloads;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of our records are payloads, and the one place that seals and opens them. Records
 * are changed in place: who seals has just made the record, who opens has just read it.
 *
 * <p>The context of a payload is the ARN of its execution and its field, so that what was sealed
 * for one execution or one field is nothing in another. Arrays and maps are sealed element by
 * element.
 */
public final class SealedFields {

  /**
   * Everything that comes from a payload or from a handler. Names, ARNs, resources, tokens, times
   * and numbers are not: they are what operators find executions by.
   */
  private static final Map<String, Set<String>> PAYLOADS =
      Map.ofEntries(
          // Commands and messages.
          Map.entry("LaunchExecution", Set.of("input")),
          Map.entry("TriggeredStart", Set.of("context")),
          Map.entry("TaskSucceeded", Set.of("output")),
          Map.entry("TaskFailed", Set.of("error", "cause")),
          Map.entry("TaskSubmitted", Set.of("output")),
          Map.entry("JobRuns", Set.of("job", "submitted")),
          Map.entry("StopExecution", Set.of("error", "cause")),
          Map.entry("StartShard", Set.of("inputs")),
          Map.entry("ResultDestination", Set.of("arguments", "folder")),
          Map.entry("ShardResults", Set.of("results")),
          Map.entry("ShardFailed", Set.of("error", "cause")),
          Map.entry("LaunchChild", Set.of("input")),
          Map.entry("ChildEnded", Set.of("output", "error", "cause")),
          Map.entry("OfferedTask", Set.of("input")),
          Map.entry("EndedExecution", Set.of("input", "output", "error", "cause")),
          // What workers get.
          Map.entry("TaskOrder", Set.of("input")),
          Map.entry("JobOrder", Set.of("job")),
          // What is told.
          Map.entry(
              "HistoryEventDetails",
              Set.of("input", "output", "error", "cause", "parameters", "assignedVariables")),
          Map.entry("ExecutionCompleted", Set.of("input", "output", "error", "cause")),
          // Rows; those of payloads are values without a record.
          Map.entry("AwaitedJob", Set.of("reference")),
          Map.entry("AwaitsMapRun", Set.of("readCursor")),
          Map.entry("AwaitsShard", Set.of("writing", "files")));

  /** By the full name of the record. */
  private static final Map<String, Plan> PLANS = new ConcurrentHashMap<>();

  private SealedFields() {}

  /** A payload's place in a record. */
  private record Payload(int position, boolean nullable, String name) {}

  /**
   * @param nested positions of fields that lead to payloads
   */
  private record Plan(List<Payload> payloads, List<Integer> nested) {}

  /** What becomes of a payload, by the name of its field. */
  private interface Change {
    byte[] bytes(byte[] payload, String name);

    String text(String payload, String name);
  }

  /**
   * Seals what isn't sealed yet.
   *
   * @param arn of the execution that the record is of
   */
  public static void seal(SpecificRecord record, Seal seal, String arn) {
    if (seal.isNone()) {
      return;
    }
    change(
        record,
        new Change() {
          @Override
          public byte[] bytes(byte[] payload, String name) {
            return seal.bytes(payload, context(arn, name));
          }

          @Override
          public String text(String payload, String name) {
            return seal.text(payload, context(arn, name));
          }
        });
  }

  /**
   * Opens what is sealed.
   *
   * @return null: everything is open. Otherwise the first problem, and the record is not to be used
   */
  public static @Nullable SealProblem open(SpecificRecord record, PayloadKeys keys, String arn) {
    return open(record, keys, () -> arn);
  }

  /**
   * The same where it costs something to say whose the record is.
   *
   * @param arn asked for when something is sealed
   */
  public static @Nullable SealProblem open(
      SpecificRecord record, PayloadKeys keys, Supplier<String> arn) {
    Opening opening = new Opening(keys, arn);
    change(record, opening);
    return opening.problem;
  }

  private static final class Opening implements Change {
    private final PayloadKeys keys;
    private final Supplier<String> arn;
    private @Nullable SealProblem problem;

    Opening(PayloadKeys keys, Supplier<String> arn) {
      this.keys = keys;
      this.arn = arn;
    }

    @Override
    public byte[] bytes(byte[] payload, String name) {
      if (SealedPayload.isPlain(payload)) {
        return payload;
      }
      return switch (keys.open(payload, context(arn.get(), name))) {
        case Opened.Payload(byte[] bytes) -> bytes;
        case Opened.Closed(SealProblem closed) -> {
          problem = problem == null ? closed : problem;
          yield payload;
        }
      };
    }

    @Override
    public String text(String payload, String name) {
      byte[] sealed = SealedPayload.bytes(payload);
      return sealed == null ? payload : new String(bytes(sealed, name), StandardCharsets.UTF_8);
    }
  }

  /**
   * Takes out what is sealed, for those who tell of executions and not of payloads: a field that
   * may be null becomes null, any other empty.
   *
   * @return whether anything was sealed
   */
  public static boolean strip(SpecificRecord record) {
    boolean any = false;
    Plan plan = plan(record.getSchema());
    for (Payload payload : plan.payloads()) {
      if (hasSealed(record.get(payload.position()))) {
        record.put(payload.position(), payload.nullable() ? null : empty(record, payload));
        any = true;
      }
    }
    for (int position : plan.nested()) {
      for (SpecificRecord inner : records(record.get(position))) {
        any |= strip(inner);
      }
    }
    return any;
  }

  private static Object empty(SpecificRecord record, Payload payload) {
    return switch (record.get(payload.position())) {
      case ByteBuffer _ -> ByteBuffer.allocate(0);
      case List<?> _ -> List.of();
      default -> "";
    };
  }

  private static boolean hasSealed(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case ByteBuffer bytes -> SealedPayload.read(Payloads.bytes(bytes)) != null;
      case String text -> SealedPayload.bytes(text) != null;
      case List<?> list -> list.stream().anyMatch(SealedFields::hasSealed);
      case Map<?, ?> map -> map.values().stream().anyMatch(SealedFields::hasSealed);
      default -> throw new IllegalStateException("no payload is a " + value.getClass());
    };
  }

  /** Whether a field's text is sealed. */
  public static boolean isSealed(String text) {
    return SealedPayload.bytes(text) != null;
  }

  /** False: the payload is plain. True: it is worth a closer look. */
  public static boolean maybeSealed(byte[] payload) {
    return !SealedPayload.isPlain(payload);
  }

  /** The id of the key that a payload is sealed with; null: it is plain. */
  public static @Nullable String keyId(ByteBuffer payload) {
    SealedPayload sealed = SealedPayload.read(Payloads.bytes(payload));
    return sealed == null ? null : sealed.keyId();
  }

  private static String context(String arn, String name) {
    return arn + '#' + name;
  }

  // ------------------------------------------------------------------ the walk

  private static void change(SpecificRecord record, Change change) {
    Plan plan = plan(record.getSchema());
    for (Payload payload : plan.payloads()) {
      Object before = record.get(payload.position());
      Object after = changed(before, payload.name(), change);
      if (after != before) {
        record.put(payload.position(), after);
      }
    }
    for (int position : plan.nested()) {
      for (SpecificRecord inner : records(record.get(position))) {
        change(inner, change);
      }
    }
  }

  private static @Nullable Object changed(@Nullable Object value, String name, Change change) {
    return switch (value) {
      case null -> null;
      case ByteBuffer buffer -> {
        byte[] before = Payloads.bytes(buffer);
        byte[] after = change.bytes(before, name);
        yield after == before ? buffer : Payloads.of(after);
      }
      case String text -> change.text(text, name);
      case List<?> list -> {
        List<Object> changed = new ArrayList<>(list.size());
        for (Object each : list) {
          changed.add(changed(each, name, change));
        }
        yield changed;
      }
      case Map<?, ?> map -> {
        Map<Object, Object> changed = new HashMap<>();
        map.forEach((key, each) -> changed.put(key, changed(each, name, change)));
        yield changed;
      }
      default -> throw new IllegalStateException("no payload is a " + value.getClass());
    };
  }

  private static List<SpecificRecord> records(@Nullable Object value) {
    return switch (value) {
      case SpecificRecord record -> List.of(record);
      case List<?> list -> list.stream().map(SpecificRecord.class::cast).toList();
      case null, default -> List.of();
    };
  }

  // ------------------------------------------------------------------ plans

  private static Plan plan(Schema schema) {
    Plan known = PLANS.get(schema.getFullName());
    if (known == null) {
      known = planned(schema);
      PLANS.put(schema.getFullName(), known);
    }
    return known;
  }

  private static Plan planned(Schema schema) {
    Set<String> names = PAYLOADS.getOrDefault(schema.getName(), Set.of());
    List<Payload> payloads = new ArrayList<>();
    List<Integer> nested = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      if (names.contains(field.name())) {
        payloads.add(
            new Payload(
                field.pos(), field.schema().isNullable(), schema.getName() + '.' + field.name()));
      } else if (leadsToPayload(field.schema(), new HashSet<>())) {
        nested.add(field.pos());
      }
    }
    return new Plan(List.copyOf(payloads), List.copyOf(nested));
  }

  private static boolean leadsToPayload(Schema schema, Set<String> seen) {
    return switch (schema.getType()) {
      case RECORD ->
          PAYLOADS.containsKey(schema.getName())
              || seen.add(schema.getFullName())
                  && schema.getFields().stream()
                      .anyMatch(field -> leadsToPayload(field.schema(), seen));
      case UNION -> schema.getTypes().stream().anyMatch(branch -> leadsToPayload(branch, seen));
      case ARRAY -> leadsToPayload(schema.getElementType(), seen);
      default -> false;
    };
  }

  /** For the test that every field of bytes is known to be a payload or not. */
  static Map<String, Set<String>> payloads() {
    return PAYLOADS;
  }
}
