package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.items.ItemSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an iteration of a Map state is about.
 *
 * @param source where it comes from: {@code STATE_DATA}, or the bucket and object, or the topic,
 *     that it was read from
 * @param key the member's name where the items are the members of an object; else null
 */
record MapItem(int index, @Nullable String key, Object value, String source) {

  private static final String STATE_DATA = "STATE_DATA";

  /** The members of an object as items to be stored, in their order. */
  static List<Object> ofMembers(Map<?, ?> object) {
    List<Object> items = new ArrayList<>(object.size());
    object.forEach((key, value) -> items.add(List.of(key, value)));
    return items;
  }

  /** The item that was stored like that. */
  static MapItem of(State.MapState map, int index, Object stored) {
    return map.overMembers() && stored instanceof List<?> member
        ? new MapItem(index, (String) member.getFirst(), member.getLast(), STATE_DATA)
        : new MapItem(index, null, stored, STATE_DATA);
  }

  /** The same item, read from there; null: from the state's input. */
  MapItem from(@Nullable ItemSource read) {
    if (read == null) {
      return this;
    }
    return new MapItem(index, key, value, read.name());
  }

  /** {@code $$.Map.Item}. */
  Map<String, Object> context() {
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("Index", index);
    if (key != null) {
      context.put("Key", key);
    }
    context.put("Value", value);
    context.put("Source", source);
    return context;
  }
}
