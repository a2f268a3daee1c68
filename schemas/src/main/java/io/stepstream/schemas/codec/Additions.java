package io.stepstream.schemas.codec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What versions of a schema have added, to tell the oldest in which a value loses nothing (ADR
 * 0075). Versions are counted from 0, the oldest.
 */
@FunctionalInterface
interface Additions {

  /** The oldest version that has all that the value has. */
  int since(@Nullable Object value);

  /**
   * @param versions of the record's schema, the oldest first; the last is the current one
   * @return null: they have added nothing
   * @throws IllegalArgumentException the record contains itself, which none of ours does
   */
  static @Nullable Additions of(List<Schema> versions, SpecificData model) {
    return new Comparison(model).of(versions.getLast(), versions);
  }

  /** The oldest version that has nothing which the current one has not: who could fill it in? */
  static int floor(List<Schema> versions) {
    int floor = versions.size() - 1;
    while (floor > 0 && !lacks(versions.getLast(), versions.get(floor - 1))) {
      floor--;
    }
    return floor;
  }

  private static boolean lacks(Schema current, Schema older) {
    return switch (older.getType()) {
      case RECORD ->
          older.getFields().stream()
              .anyMatch(
                  field -> {
                    Schema.Field same = current.getField(field.name());
                    return same == null || lacks(same.schema(), field.schema());
                  });
      case UNION ->
          older.getTypes().stream()
              .anyMatch(
                  branch -> {
                    Schema same = Comparison.counterpart(branch, current);
                    return same != null && lacks(same, branch);
                  });
      case ARRAY ->
          current.getType() != Schema.Type.ARRAY
              || lacks(current.getElementType(), older.getElementType());
      case MAP ->
          current.getType() != Schema.Type.MAP
              || lacks(current.getValueType(), older.getValueType());
      default -> false;
    };
  }

  /** Walks over a schema and its counterparts in all versions at once. */
  final class Comparison {

    private final SpecificData model;
    private final List<String> within = new ArrayList<>();

    private Comparison(SpecificData model) {
      this.model = model;
    }

    /** What has the same place and type; null: the older one has none. */
    static @Nullable Schema counterpart(Schema schema, Schema older) {
      if (older.getType() == Schema.Type.UNION && schema.getType() != Schema.Type.UNION) {
        return older.getTypes().stream()
            .filter(branch -> isSame(schema, branch))
            .findFirst()
            .orElse(null);
      }
      return schema.getType() == Schema.Type.UNION || isSame(schema, older) ? older : null;
    }

    private static boolean isSame(Schema schema, Schema older) {
      return schema.getType() == older.getType()
          && schema.getFullName().equals(older.getFullName())
          && Objects.equals(schema.getLogicalType(), older.getLogicalType());
    }

    /**
     * @param older the schema's counterparts; null where what it belongs to is missing itself
     */
    private @Nullable Additions of(Schema schema, List<? extends @Nullable Schema> older) {
      return switch (schema.getType()) {
        case RECORD -> record(schema, older);
        case UNION -> union(schema, older);
        case ARRAY -> array(schema, older);
        case MAP -> map(schema, older);
        case ENUM -> symbols(schema, older);
        default -> null;
      };
    }

    /** Of each version in which what it belongs to is there. */
    private static List<@Nullable Schema> counterparts(
        List<? extends @Nullable Schema> older, Function<Schema, @Nullable Schema> of) {
      List<@Nullable Schema> counterparts = new ArrayList<>();
      for (Schema version : older) {
        counterparts.add(version == null ? null : of.apply(version));
      }
      return counterparts;
    }

    /** From when on all have it. */
    private static int from(
        List<? extends @Nullable Schema> older, List<? extends @Nullable Schema> counterparts) {
      int from = older.size();
      while (from > 0 && (older.get(from - 1) == null || counterparts.get(from - 1) != null)) {
        from--;
      }
      return from;
    }

    private record Field(
        int position, int from, @Nullable Object byDefault, @Nullable Additions inside) {

      int since(@Nullable Object value) {
        if (from > 0 && Objects.equals(byDefault, value)) {
          return 0;
        }
        return inside == null ? from : Math.max(from, inside.since(value));
      }
    }

    private @Nullable Additions record(Schema schema, List<? extends @Nullable Schema> older) {
      if (within.contains(schema.getFullName())) {
        throw new IllegalArgumentException(schema.getFullName() + " contains itself");
      }
      within.add(schema.getFullName());
      List<Field> added = new ArrayList<>();
      for (Schema.Field field : schema.getFields()) {
        List<@Nullable Schema> counterparts =
            counterparts(
                older,
                version -> {
                  Schema.Field same = version.getField(field.name());
                  return same == null ? null : counterpart(field.schema(), same.schema());
                });
        int from = from(older, counterparts);
        Additions inside = of(field.schema(), counterparts);
        if (from > 0 || inside != null) {
          Object byDefault =
              from > 0 && field.hasDefaultValue() ? model.getDefaultValue(field) : new Object();
          added.add(new Field(field.pos(), from, byDefault, inside));
        }
      }
      within.removeLast();
      if (added.isEmpty()) {
        return null;
      }
      Field[] fields = added.toArray(Field[]::new);
      return value -> {
        int since = 0;
        if (value instanceof SpecificRecord record) {
          for (Field field : fields) {
            since = Math.max(since, field.since(record.get(field.position())));
          }
        }
        return since;
      };
    }

    private record Branch(int from, @Nullable Additions inside) {

      int since(@Nullable Object value) {
        return inside == null ? from : Math.max(from, inside.since(value));
      }
    }

    private @Nullable Additions union(Schema schema, List<? extends @Nullable Schema> older) {
      Map<String, Branch> records = new HashMap<>();
      Branch absent = new Branch(0, null);
      Branch other = new Branch(0, null);
      boolean any = false;
      for (Schema branch : schema.getTypes()) {
        List<@Nullable Schema> counterparts =
            counterparts(older, version -> counterpart(branch, version));
        Branch known = new Branch(from(older, counterparts), of(branch, counterparts));
        any |= known.from() > 0 || known.inside() != null;
        switch (branch.getType()) {
          case NULL -> absent = known;
          case RECORD -> records.put(branch.getFullName(), known);
          default -> other = known;
        }
      }
      if (!any) {
        return null;
      }
      Branch ofNull = absent;
      Branch ofOthers = other;
      Map<String, Branch> ofRecords = Map.copyOf(records);
      return value -> {
        if (value == null) {
          return ofNull.since(null);
        }
        Branch branch =
            value instanceof SpecificRecord record
                ? ofRecords.get(record.getSchema().getFullName())
                : ofOthers;
        return branch == null ? 0 : branch.since(value);
      };
    }

    private @Nullable Additions array(Schema schema, List<? extends @Nullable Schema> older) {
      Additions inside = within(schema, older, Schema::getElementType);
      return inside == null ? null : value -> most(inside, (Collection<?>) value);
    }

    private @Nullable Additions map(Schema schema, List<? extends @Nullable Schema> older) {
      Additions inside = within(schema, older, Schema::getValueType);
      return inside == null
          ? null
          : value -> value == null ? 0 : most(inside, ((Map<?, ?>) value).values());
    }

    /** What is said of each of a collection. */
    private @Nullable Additions within(
        Schema schema, List<? extends @Nullable Schema> older, UnaryOperator<Schema> each) {
      Schema inner = each.apply(schema);
      return of(inner, counterparts(older, version -> counterpart(inner, each.apply(version))));
    }

    private static int most(Additions inside, @Nullable Collection<?> values) {
      int since = 0;
      if (values != null) {
        for (Object value : values) {
          since = Math.max(since, inside.since(value));
        }
      }
      return since;
    }

    private static @Nullable Additions symbols(
        Schema schema, List<? extends @Nullable Schema> older) {
      Map<String, Integer> added = new HashMap<>();
      for (String symbol : schema.getEnumSymbols()) {
        int from =
            from(
                older,
                counterparts(older, version -> version.hasEnumSymbol(symbol) ? version : null));
        if (from > 0) {
          added.put(symbol, from);
        }
      }
      return added.isEmpty()
          ? null
          : value -> value == null ? 0 : added.getOrDefault(value.toString(), 0);
    }
  }
}
