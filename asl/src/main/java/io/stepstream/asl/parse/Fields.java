package io.stepstream.asl.parse;

import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import io.stepstream.asl.validate.Wording;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to the fields of an object. A value of the wrong type or outside its range is
 * reported and then treated as absent.
 */
final class Fields {

  private final Node.Struct node;
  private final Problems problems;

  Fields(Node.Struct node, Problems problems) {
    this.node = node;
    this.problems = problems;
  }

  Node.Struct node() {
    return node;
  }

  @Nullable Node get(String name) {
    return node.get(name);
  }

  boolean has(String name) {
    return node.has(name);
  }

  /** Reports all that are missing in one problem. */
  void require(String... names) {
    List<String> missing = List.of(names).stream().filter(name -> !has(name)).toList();
    if (!missing.isEmpty()) {
      problems.schema(node, Wording.required(missing));
    }
  }

  /** Reports the fields which aren't among these. */
  void allow(Set<String> names) {
    for (String field : node.members().keySet()) {
      if (!names.contains(field)) {
        problems.schemaOfField(node, field, Wording.notSupported(field));
      }
    }
  }

  /** True when at most one of these is present; otherwise that is reported. */
  boolean atMostOne(List<String> names) {
    if (names.stream().filter(this::has).count() > 1) {
      problems.schema(node, Wording.onlyOneOf(names));
      return false;
    }
    return true;
  }

  /** The one of these which is present; null is returned and reported when there isn't just one. */
  @Nullable String exactlyOne(List<String> names) {
    if (!atMostOne(names)) {
      return null;
    }
    for (String name : names) {
      if (has(name)) {
        return name;
      }
    }
    problems.schema(node, Wording.oneOf(names));
    return null;
  }

  @Nullable String text(String name) {
    return get(name) instanceof Node value ? text(value) : null;
  }

  @Nullable String text(Node value) {
    if (value instanceof Node.Scalar scalar && scalar.json() instanceof String text) {
      return text;
    }
    problems.schema(value, Wording.expected("String"));
    return null;
  }

  /** A text out of a set. */
  @Nullable String text(String name, List<String> allowed) {
    String text = text(name);
    if (text != null && !allowed.contains(text)) {
      problems.schema(node.get(name), Wording.valueOneOf(allowed));
      return null;
    }
    return text;
  }

  @Nullable Boolean bool(String name) {
    Node value = get(name);
    if (value instanceof Node.Scalar scalar && scalar.json() instanceof Boolean bool) {
      return bool;
    }
    if (value != null) {
      problems.schema(value, Wording.expected("Boolean"));
    }
    return null;
  }

  Node.@Nullable Struct struct(String name) {
    return get(name) instanceof Node value ? struct(value) : null;
  }

  Node.@Nullable Struct struct(Node value) {
    if (value instanceof Node.Struct struct) {
      return struct;
    }
    problems.schema(value, Wording.expected("Object"));
    return null;
  }

  /** The elements of an array; null when the field is absent or no array. */
  @Nullable List<Node> items(String name) {
    Node value = get(name);
    if (value instanceof Node.Array array) {
      return array.items();
    }
    if (value != null) {
      problems.schema(value, Wording.expected("Array"));
    }
    return null;
  }

  /** As {@link #items}, but an array without elements is reported too. */
  @Nullable List<Node> nonEmptyItems(String name) {
    List<Node> items = items(name);
    if (items != null && items.isEmpty()) {
      problems.schema(node.get(name), Wording.EMPTY);
      return null;
    }
    return items;
  }

  @Nullable Integer integer(String name, int least, int most) {
    Number number = number(name, Range.integer(least, most));
    return number == null ? null : number.intValue();
  }

  @Nullable Number number(String name, Range range) {
    return get(name) instanceof Node value ? number(value, range) : null;
  }

  @Nullable Number number(Node value, Range range) {
    if (!(value instanceof Node.Scalar scalar && scalar.json() instanceof Number number)
        || range.integer() && !isInteger(number)) {
      problems.schema(value, Wording.expected(range.integer() ? "Integer" : "Number"));
      return null;
    }
    if (compare(number, range.least()) < 0) {
      problems.schema(value, Wording.minimum(range.least()));
      return null;
    }
    Number most = range.most();
    if (most != null && compare(number, most) > 0) {
      problems.schema(value, Wording.maximum(most));
      return null;
    }
    return number;
  }

  private static boolean isInteger(Number number) {
    return number instanceof Integer || number instanceof Long || number instanceof BigInteger;
  }

  private static int compare(Number a, Number b) {
    return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()));
  }
}
