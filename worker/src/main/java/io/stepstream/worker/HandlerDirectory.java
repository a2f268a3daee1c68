package io.stepstream.worker;

import io.stepstream.worker.handler.JobHandler;
import io.stepstream.worker.handler.TaskHandler;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds the handler of a function or of a resource. Immutable. */
final class HandlerDirectory {

  private record Prefix(String text, TaskHandler handler) {}

  private final Map<String, TaskHandler> exact;
  private final List<Prefix> prefixes;
  private final List<String> names;

  /**
   * @throws IllegalArgumentException a handler serves nothing, or two serve the same
   */
  HandlerDirectory(Collection<TaskHandler> handlers) {
    var byName = new TreeMap<String, TaskHandler>();
    for (TaskHandler handler : handlers) {
      List<String> serves = handler.serves();
      if (serves.isEmpty()) {
        throw new IllegalArgumentException(
            "The handler %s serves nothing: let serves() return a function's name or a resource."
                .formatted(handler.getClass().getName()));
      }
      for (String name : serves) {
        requireServable(name, handler);
        TaskHandler other = byName.put(name, handler);
        if (other != null) {
          throw new IllegalArgumentException(
              "Two handlers serve '%s': %s and %s. Remove one of them or rename it."
                  .formatted(name, other.getClass().getName(), handler.getClass().getName()));
        }
      }
    }
    var literal = new HashMap<String, TaskHandler>();
    var open = new java.util.ArrayList<Prefix>();
    byName.forEach(
        (name, handler) -> {
          if (name.endsWith("*")) {
            open.add(new Prefix(name.substring(0, name.length() - 1), handler));
          } else {
            literal.put(name, handler);
          }
        });
    open.sort(Comparator.comparingInt((Prefix prefix) -> prefix.text().length()).reversed());
    this.exact = Map.copyOf(literal);
    this.prefixes = List.copyOf(open);
    this.names = List.copyOf(byName.keySet());
  }

  private static void requireServable(String name, TaskHandler handler) {
    boolean resource = name.startsWith("arn:") || name.startsWith("stepstream:");
    int star = name.indexOf('*');
    boolean wellFormed =
        resource
            ? star < 0 || star == name.length() - 1
            : FunctionName.parse(name).filter(parsed -> parsed.name().equals(name)).isPresent();
    if (!resource && handler instanceof JobHandler) {
      throw new IllegalArgumentException(
          "The handler of jobs %s says that it serves the function '%s'; jobs are for resources, such as arn:aws:states:::batch:submitJob.sync."
              .formatted(handler.getClass().getName(), name));
    }
    if (!wellFormed) {
      throw new IllegalArgumentException(
          ("The handler %s says that it serves '%s', which is neither a function's name (letters,"
               + " digits, '-', '_', '.') nor a resource that begins with 'arn:' or 'stepstream:'"
               + " and has '*' at its end only.")
              .formatted(handler.getClass().getName(), name));
    }
  }

  /** The handler of a function, by its bare name. */
  Optional<TaskHandler> function(String name) {
    return Optional.ofNullable(exact.get(name));
  }

  /** The handler of a resource: the exact one, else the one with the longest matching beginning. */
  Optional<TaskHandler> resource(String resource) {
    TaskHandler literal = exact.get(resource);
    if (literal != null) {
      return Optional.of(literal);
    }
    for (Prefix prefix : prefixes) {
      if (resource.startsWith(prefix.text())) {
        return Optional.of(prefix.handler());
      }
    }
    return Optional.empty();
  }

  /** All that is served, sorted. */
  List<String> names() {
    return names;
  }
}
