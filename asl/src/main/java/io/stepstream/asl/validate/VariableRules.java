package io.stepstream.asl.validate;

import static io.stepstream.asl.source.ProblemCode.INVALID_VARIABLE_NAME;
import static io.stepstream.asl.source.ProblemCode.RESERVED_VARIABLE_NAME;

import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Path;
import io.stepstream.asl.source.Position;
import io.stepstream.asl.source.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names of variables, and their scopes: a branch or iteration reads the variables around it but
 * can't assign them. A distributed processor sees none of them, so it may use the same names.
 */
final class VariableRules {

  private static final int MAX_NAME = 80;

  private record Assigned(String name, Path path, Position at) {}

  private final Problems problems;

  VariableRules(Problems problems) {
    this.problems = problems;
  }

  void check(Outline machine) {
    check(machine, Set.of());
  }

  private void check(Outline flow, Set<String> outer) {
    Set<String> visible = new HashSet<>(outer);
    for (Outline.State state : flow.states().values()) {
      for (Assigned variable : assigned(state)) {
        checkName(variable);
        if (outer.contains(variable.name)) {
          report(
              variable,
              "Variable '%s' is assigned in an outer scope and cannot be assigned here"
                  .formatted(variable.name));
        }
        visible.add(variable.name);
      }
    }
    for (Outline.State state : flow.states().values()) {
      Set<String> seen = state.distributed() ? Set.of() : visible;
      state.inner().forEach(inner -> check(inner, seen));
    }
  }

  private void checkName(Assigned variable) {
    String name = variable.name;
    if (name.equals("states")) {
      problems.errorAtName(
          RESERVED_VARIABLE_NAME,
          variable.path,
          variable.at,
          "Cannot assign to reserved variable '$states'.");
    } else if (!isIdentifier(name)) {
      report(
          variable,
          "Invalid variable name '%s': the variable name contains invalid characters."
              .formatted(name));
    } else if (name.codePointCount(0, name.length()) > MAX_NAME) {
      report(
          variable,
          "Invalid variable name '%s': the variable name exceeds the limit of %d characters."
              .formatted(name, MAX_NAME));
    }
  }

  private void report(Assigned variable, String message) {
    problems.errorAtName(INVALID_VARIABLE_NAME, variable.path, variable.at, message);
  }

  private static boolean isIdentifier(String name) {
    return !name.isEmpty()
        && Character.isUnicodeIdentifierStart(name.codePointAt(0))
        && name.codePoints()
            .allMatch(
                c -> Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
  }

  private static List<Assigned> assigned(Outline.State state) {
    List<Assigned> all = new ArrayList<>();
    add(all, state.node().get("Assign"));
    for (String field : List.of("Choices", "Catch")) {
      for (Node item : Outline.items(state.node().get(field))) {
        if (item instanceof Node.Struct struct) {
          add(all, struct.get("Assign"));
        }
      }
    }
    return all;
  }

  private static void add(List<Assigned> all, @Nullable Node assign) {
    if (assign instanceof Node.Struct struct) {
      struct
          .members()
          .forEach(
              (field, member) -> {
                String name = field.endsWith(".$") ? field.substring(0, field.length() - 2) : field;
                all.add(new Assigned(name, member.value().path(), member.nameAt()));
              });
    }
  }
}
