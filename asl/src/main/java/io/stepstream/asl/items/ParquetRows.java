package io.stepstream.asl.items;

import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.schema.SchemaNode;
import dev.hardwood.schema.SchemaNode.GroupNode;
import dev.hardwood.schema.SchemaNode.PrimitiveNode;
import io.stepstream.asl.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts rows together from their columns. A value's definition level tells how much of its path
 * there is, its repetition level which of the lists on the path goes on with it. Not thread safe.
 */
final class ParquetRows {

  private final GroupNode root;
  private final List<ParquetColumn> columns;
  private long bytesLeft;

  ParquetRows(GroupNode root, List<ParquetColumn> columns) {
    this.root = root;
    this.columns = List.copyOf(columns);
  }

  Object next() throws IOException {
    for (ParquetColumn column : columns) {
      if (column.repetition() != 0) {
        throw ParquetColumn.corrupt("its columns have different numbers of rows");
      }
    }
    bytesLeft = BoundedInput.MOST;
    return struct(root);
  }

  /** The row group's rows have been read: no column has values left. */
  void checkEnd() throws IOException {
    for (ParquetColumn column : columns) {
      if (column.hasNext()) {
        throw ParquetColumn.corrupt("its columns have different numbers of rows");
      }
    }
  }

  private Object field(SchemaNode node) throws IOException {
    return switch (node.repetitionType()) {
      case REQUIRED -> present(node);
      case OPTIONAL -> isPresent(node) ? present(node) : absent(node, Json.NULL);
      case REPEATED -> repeated(node, this::present);
    };
  }

  private boolean isPresent(SchemaNode node) throws IOException {
    return firstColumn(node).definition() >= node.maxDefinitionLevel();
  }

  /** All columns below have one value that only tells that there is nothing. */
  private Object absent(SchemaNode node, Object nothing) throws IOException {
    switch (node) {
      case PrimitiveNode leaf -> {
        take(1);
        columns.get(leaf.columnIndex()).definition();
        columns.get(leaf.columnIndex()).advance();
      }
      case GroupNode group -> {
        for (SchemaNode child : group.children()) {
          absent(child, nothing);
        }
      }
    }
    return nothing;
  }

  private interface Element {
    Object read(SchemaNode node) throws IOException;
  }

  private Object repeated(SchemaNode node, Element element) throws IOException {
    List<Object> list = new ArrayList<>();
    if (!isPresent(node)) {
      return absent(node, list);
    }
    ParquetColumn first = firstColumn(node);
    do {
      list.add(element.read(node));
    } while (first.repetition() == node.maxRepetitionLevel());
    return list;
  }

  private Object present(SchemaNode node) throws IOException {
    return switch (node) {
      case PrimitiveNode leaf -> value(leaf);
      case GroupNode group when group.isList() && wraps(group) -> list(group);
      case GroupNode group when group.isMap() && wraps(group) -> map(group);
      case GroupNode group -> struct(group);
    };
  }

  private static boolean wraps(GroupNode group) {
    return group.children().size() == 1
        && group.children().getFirst().repetitionType() == RepetitionType.REPEATED;
  }

  /** Old writers repeat the element itself, newer ones a group around it. */
  private Object list(GroupNode group) throws IOException {
    SchemaNode repeated = group.children().getFirst();
    SchemaNode element = group.getListElement();
    return repeated(
        repeated, node -> element == null || element == node ? present(node) : field(element));
  }

  private Object map(GroupNode group) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    repeated(
        group.children().getFirst(),
        node -> {
          if (!(node instanceof GroupNode entry) || entry.children().isEmpty()) {
            throw ParquetColumn.corrupt("a map has no keys");
          }
          Object key = field(entry.children().getFirst());
          Object value = entry.children().size() > 1 ? field(entry.children().get(1)) : Json.NULL;
          map.put(key instanceof String text ? text : Json.encode(key), value);
          return value;
        });
    return map;
  }

  private Object struct(GroupNode group) throws IOException {
    Map<String, Object> struct = new LinkedHashMap<>();
    for (SchemaNode child : group.children()) {
      struct.put(child.name(), field(child));
    }
    return struct;
  }

  private Object value(PrimitiveNode leaf) throws IOException {
    ParquetColumn column = columns.get(leaf.columnIndex());
    if (column.definition() != leaf.maxDefinitionLevel()) {
      throw ParquetColumn.corrupt("column '%s' lacks a value".formatted(leaf.name()));
    }
    Object value = ParquetValues.json(leaf, column.given(), column.index());
    take(value instanceof String text ? text.length() : 1);
    column.advance();
    return value;
  }

  /** A list may go on over any number of pages; no item may. */
  private void take(long bytes) throws ReadRefused {
    bytesLeft -= bytes;
    if (bytesLeft < 0) {
      throw BoundedInput.tooLarge();
    }
  }

  private ParquetColumn firstColumn(SchemaNode node) throws ReadRefused {
    return switch (node) {
      case PrimitiveNode leaf -> columns.get(leaf.columnIndex());
      case GroupNode group -> {
        if (group.children().isEmpty()) {
          throw ParquetColumn.corrupt("group '%s' has no columns".formatted(group.name()));
        }
        yield firstColumn(group.children().getFirst());
      }
    };
  }
}
