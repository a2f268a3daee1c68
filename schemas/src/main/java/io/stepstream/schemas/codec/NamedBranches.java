package io.stepstream.schemas.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Avro from resolving a union's records by their structure.
 *
 * <p>When a newer writer sends a record type which our union doesn't have, Avro takes any of our
 * types whose fields happen to fit. Types whose fields all have defaults fit everything: a command
 * of tomorrow would be carried out as another one of today. Here such a branch of the writer's
 * union is replaced by a type that fits nothing, so reading it fails and everything else stays
 * readable.
 */
final class NamedBranches {

  private record Pair(Schema writer, Schema reader) {}

  private final Map<Pair, Schema> records = new HashMap<>();
  private int replaced;

  private NamedBranches() {}

  /** The writer's schema with branches bound by name. The encoding of all others is the same. */
  static Schema bind(Schema writer, Schema reader) {
    return new NamedBranches().narrow(Schema.applyAliases(writer, reader), reader);
  }

  private Schema narrow(Schema writer, Schema reader) {
    return switch (writer.getType()) {
      case UNION -> union(writer, reader);
      case RECORD -> {
        Schema match = branch(writer, reader);
        yield match == null ? writer : record(writer, match);
      }
      case ARRAY -> {
        Schema match = branch(writer, reader);
        yield match == null
            ? writer
            : Schema.createArray(narrow(writer.getElementType(), match.getElementType()));
      }
      case MAP -> {
        Schema match = branch(writer, reader);
        yield match == null
            ? writer
            : Schema.createMap(narrow(writer.getValueType(), match.getValueType()));
      }
      case ENUM, FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> writer;
    };
  }

  private Schema union(Schema writer, Schema reader) {
    List<Schema> branches = new ArrayList<>();
    for (Schema branch : writer.getTypes()) {
      boolean unknown = branch.getType() == Schema.Type.RECORD && branch(branch, reader) == null;
      branches.add(unknown ? unreadable(branch) : narrow(branch, reader));
    }
    return Schema.createUnion(branches);
  }

  private Schema unreadable(Schema branch) {
    replaced++;
    return Schema.createFixed(
        branch.getName() + "_unknown_" + replaced, null, branch.getNamespace(), 1);
  }

  private Schema record(Schema writer, Schema reader) {
    Pair pair = new Pair(writer, reader);
    Schema known = records.get(pair);
    if (known != null) {
      return known;
    }
    Schema copy =
        Schema.createRecord(
            writer.getName(), writer.getDoc(), writer.getNamespace(), writer.isError());
    records.put(pair, copy);
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : writer.getFields()) {
      Schema.Field match = reader.getField(field.name());
      Schema schema = match == null ? field.schema() : narrow(field.schema(), match.schema());
      // Without its default, which may belong to a branch that is replaced; a writer needs none.
      fields.add(new Schema.Field(field.name(), schema));
    }
    copy.setFields(fields);
    return copy;
  }

  /** What the writer's type is read as: the reader's type itself, or the branch of its union. */
  private static @Nullable Schema branch(Schema writer, Schema reader) {
    List<Schema> candidates =
        reader.getType() == Schema.Type.UNION ? reader.getTypes() : List.of(reader);
    for (Schema candidate : candidates) {
      if (candidate.getType() == writer.getType()
          && candidate.getFullName().equals(writer.getFullName())) {
        return candidate;
      }
    }
    return null;
  }
}
