package io.stepstream.asl.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a definition with its place in the text. */
public sealed interface Node {

  Path path();

  Position at();

  /** The value without its places, as {@link io.stepstream.asl.json.Json} describes. */
  Object json();

  /** This value with everything below it at another place, as if the text had had it there. */
  default Node moved(Path to) {
    return switch (this) {
      case Struct struct -> {
        Map<String, Member> members = LinkedHashMap.newLinkedHashMap(struct.members.size());
        struct.members.forEach(
            (name, member) ->
                members.put(
                    name, new Member(member.nameAt(), member.value().moved(to.field(name)))));
        yield new Struct(to, struct.at, members);
      }
      case Array array -> {
        List<Node> items = new ArrayList<>(array.items.size());
        array.items.forEach(item -> items.add(item.moved(to.element(items.size()))));
        yield new Array(to, array.at, items);
      }
      case Scalar scalar -> new Scalar(to, scalar.at, scalar.json);
    };
  }

  /** An object, fields in the order of the text. */
  record Struct(Path path, Position at, Map<String, Member> members) implements Node {

    /** The field's value, null when there is no such field. */
    public @Nullable Node get(String name) {
      Member member = members.get(name);
      return member == null ? null : member.value();
    }

    public boolean has(String name) {
      return members.containsKey(name);
    }

    @Override
    public Map<String, Object> json() {
      Map<String, Object> tree = LinkedHashMap.newLinkedHashMap(members.size());
      members.forEach((name, member) -> tree.put(name, member.value().json()));
      return tree;
    }
  }

  /**
   * @param nameAt where the field's name stands: problems about the field as such point there,
   *     those about its value to the value
   */
  record Member(Position nameAt, Node value) {}

  record Array(Path path, Position at, List<Node> items) implements Node {

    @Override
    public List<Object> json() {
      List<Object> tree = new ArrayList<>(items.size());
      items.forEach(item -> tree.add(item.json()));
      return tree;
    }
  }

  /**
   * @param json a string, number, boolean or {@link io.stepstream.asl.json.Json#NULL}
   */
  record Scalar(Path path, Position at, Object json) implements Node {}
}
