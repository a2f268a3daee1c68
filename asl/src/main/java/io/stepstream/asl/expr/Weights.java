package io.stepstream.asl.expr;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long the text of a tree would be, roughly. A tree that holds one list twice, and that tree
 * twice, and so on forty times, takes a few hundred bytes, but the library's conversion to text
 * would fill the memory before anything could stop it.
 *
 * <p>Weighs every container once, by identity. Not thread safe.
 */
final class Weights {

  private final IdentityHashMap<Object, Long> known = new IdentityHashMap<>();

  /** Throws {@link JsonataFault} if the text would be too long. */
  void check(@Nullable Object tree) {
    weigh(tree);
  }

  private long weigh(@Nullable Object node) {
    return switch (node) {
      case String text -> text.length();
      case List<?> array -> {
        Long weight = known.get(array);
        yield weight == null ? note(array, weighAll(array)) : weight;
      }
      case Map<?, ?> object -> {
        Long weight = known.get(object);
        yield weight == null ? note(object, weighAll(object.values())) : weight;
      }
      case null, default -> 1;
    };
  }

  private long weighAll(Iterable<?> children) {
    long weight = 1;
    for (Object child : children) {
      weight += 1 + weigh(child);
    }
    return weight;
  }

  private long note(Object container, long weight) {
    if (weight > JsonataOverrides.MAX_TEXT) {
      throw JsonataFault.memory();
    }
    known.put(container, weight);
    return weight;
  }
}
