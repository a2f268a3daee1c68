package io.stepstream.coordinator.access;

import java.util.ArrayList;
import java.util.List;

/**
 * What a call wants to do to what.
 *
 * @param action as policies write it, for example {@code states:StartExecution}
 * @param resource as messages name it
 * @param names all that policies may call it by: a version or an alias is its machine as well, and
 *     a Map state's child is of the machine that has the state. A denial of any holds, or another
 *     name of the same thing would be a way around it
 */
public record Demand(String action, String resource, List<String> names) {

  private static final int TYPE = 5;
  private static final int NAME = 6;

  public Demand {
    names = List.copyOf(names);
  }

  public static Demand of(String action, String resource) {
    List<String> names = new ArrayList<>();
    names.add(resource);
    String[] parts = resource.split(":", -1);
    if (parts.length > NAME && parts[0].equals("arn") && parts[2].equals("states")) {
      boolean machine = parts[TYPE].equals("stateMachine");
      int slash = parts[NAME].indexOf('/');
      boolean labelled = slash >= 0 && !parts[TYPE].equals("mapRun");
      if (labelled) {
        parts[NAME] = parts[NAME].substring(0, slash);
        names.add(String.join(":", parts));
      }
      if (machine && parts.length == NAME + 2) {
        names.add(String.join(":", List.of(parts).subList(0, NAME + 1)));
      }
    }
    return new Demand(action, resource, names);
  }

  /** A demand that isn't on anything in particular, such as to list all. */
  public static Demand ofEverything(String action) {
    return new Demand(action, "*", List.of("*"));
  }
}
