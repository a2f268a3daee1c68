package io.stepstream.asl.expr;

import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns what the library computed into a tree of ours: the same objects where they are one, copies
 * where they aren't. For one result; not thread safe.
 */
final class JsonataResult {

  /** Nodes of a result; a tree whose nodes are shared may be far larger than its memory. */
  private static final int MAX_NODES = 2 * JsonataAdditions.MAX_ARRAY;

  private static final int MAX_DEPTH = 1000;

  private final Deadline deadline;
  private int nodes;
  private int depth;

  JsonataResult(Deadline deadline) {
    this.deadline = deadline;
  }

  /** Throws {@link JsonataFault} if the result isn't JSON or exceeds a bound. */
  Object json(Object result) {
    deadline.check();
    if (++nodes > MAX_NODES) {
      throw JsonataFault.memory();
    }
    return switch (result) {
      case String _, Boolean _, Integer _, Long _ -> result;
      case Double number -> JsonataAdditions.number(number);
      case Number _ -> result;
      case Map<?, ?> object -> {
        enter();
        Object json = object(object);
        depth--;
        yield json;
      }
      case List<?> array -> {
        enter();
        Object json = array(array);
        depth--;
        yield json;
      }
      default -> {
        if (result != Json.NULL) {
          throw new JsonataFault("The result holds a function, which is not JSON");
        }
        yield result;
      }
    };
  }

  private void enter() {
    if (++depth > MAX_DEPTH) {
      throw JsonataFault.stackOverflow();
    }
  }

  private Object object(Map<?, ?> object) {
    Map<Object, Object> copy = null;
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      Object value = entry.getValue();
      Object json = value == null ? Json.NULL : json(value);
      if (json != value) {
        copy = copy == null ? new LinkedHashMap<>(object) : copy;
        copy.put(entry.getKey(), json);
      }
    }
    return copy == null ? object : copy;
  }

  /**
   * The library's ranges are computed on demand and its sequences carry flags; as data of a state
   * both would be strange, so only plain lists stay.
   */
  private Object array(List<?> array) {
    List<Object> copy = array.getClass() == ArrayList.class ? null : new ArrayList<>(array);
    for (int i = 0; i < array.size(); i++) {
      Object item = array.get(i);
      Object json = item == null ? Json.NULL : json(item);
      if (json != item) {
        copy = copy == null ? new ArrayList<>(array) : copy;
        copy.set(i, json);
      }
    }
    return copy == null ? array : copy;
  }
}
