package io.stepstream.asl.validate;

import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Flows and states of a definition without their details, as far as the tree has them.
 *
 * @param node the object that holds {@code StartAt} and {@code States}
 */
record Outline(Node.Struct node, Map<String, State> states) {

  /**
   * @param type null: missing or unknown
   * @param inner the flows of a Parallel or Map state
   * @param targets the names of states that this one leads to
   */
  record State(
      String name,
      Position nameAt,
      Node.Struct node,
      @Nullable StateType type,
      List<Outline> inner,
      List<Node.Scalar> targets) {

    /** The processor of a distributed Map runs in executions of its own. */
    boolean distributed() {
      return type == StateType.MAP && "DISTRIBUTED".equals(processorConfig("Mode"));
    }

    @Nullable String processorConfig(String field) {
      Node processor = node.has("ItemProcessor") ? node.get("ItemProcessor") : node.get("Iterator");
      return processor instanceof Node.Struct struct
              && struct.get("ProcessorConfig") instanceof Node.Struct config
          ? text(config.get(field))
          : null;
    }
  }

  static Outline of(Node.Struct flow) {
    Map<String, State> states = new LinkedHashMap<>();
    if (flow.get("States") instanceof Node.Struct struct) {
      struct
          .members()
          .forEach(
              (name, member) -> {
                if (member.value() instanceof Node.Struct state) {
                  states.put(name, state(name, member.nameAt(), state));
                }
              });
    }
    return new Outline(flow, states);
  }

  private static State state(String name, Position nameAt, Node.Struct node) {
    String typeName = text(node.get("Type"));
    StateType type = typeName == null ? null : StateType.of(typeName);
    List<Outline> inner = new ArrayList<>();
    for (Node branch : items(node.get("Branches"))) {
      addFlow(inner, branch);
    }
    addFlow(inner, node.get("ItemProcessor"));
    addFlow(inner, node.get("Iterator"));
    List<Node.Scalar> targets = new ArrayList<>();
    addTarget(targets, node.get("Next"));
    for (Node rule : items(node.get("Choices"))) {
      addNext(targets, rule);
    }
    addTarget(targets, node.get("Default"));
    for (Node catcher : items(node.get("Catch"))) {
      addNext(targets, catcher);
    }
    return new State(name, nameAt, node, type, inner, targets);
  }

  /** The text of a value; null when it is none. */
  static @Nullable String text(@Nullable Node node) {
    return node instanceof Node.Scalar scalar && scalar.json() instanceof String text ? text : null;
  }

  /** The elements of an array; none when it isn't one. */
  static List<Node> items(@Nullable Node node) {
    return node instanceof Node.Array array ? array.items() : List.of();
  }

  private static void addFlow(List<Outline> inner, @Nullable Node node) {
    if (node instanceof Node.Struct struct) {
      inner.add(of(struct));
    }
  }

  private static void addNext(List<Node.Scalar> targets, Node node) {
    if (node instanceof Node.Struct struct) {
      addTarget(targets, struct.get("Next"));
    }
  }

  private static void addTarget(List<Node.Scalar> targets, @Nullable Node node) {
    if (node instanceof Node.Scalar scalar && scalar.json() instanceof String) {
      targets.add(scalar);
    }
  }
}
