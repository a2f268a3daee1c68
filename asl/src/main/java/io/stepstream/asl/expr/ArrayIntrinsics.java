package io.stepstream.asl.expr;

import io.stepstream.asl.expr.Intrinsic.Result;
import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The intrinsic functions on arrays and objects. */
final class ArrayIntrinsics {

  private static final int MAX_RANGE = 1000;

  private ArrayIntrinsics() {}

  static Result array(List<Object> arguments, Entropy entropy) {
    return new Result.Value(arguments);
  }

  static Result partition(List<Object> arguments, Entropy entropy) {
    Long size = NumberIntrinsics.rounded(arguments.get(1));
    if (!(arguments.get(0) instanceof List<?> array) || size == null || size <= 0) {
      return new Result.Refused(
          "States.ArrayPartition requires an array and a non-zero, positive chunk size");
    }
    return new Result.Value(partition(array, size));
  }

  static List<Object> partition(List<?> array, long size) {
    List<Object> chunks = new ArrayList<>();
    for (int start = 0; start < array.size(); ) {
      int end = (int) Math.min(array.size(), start + size);
      chunks.add(new ArrayList<>(array.subList(start, end)));
      start = end;
    }
    return chunks;
  }

  static Result contains(List<Object> arguments, Entropy entropy) {
    if (!(arguments.get(0) instanceof List<?> array)) {
      return new Result.Refused("The first argument of States.ArrayContains must be an array");
    }
    Object wanted = arguments.get(1);
    for (Object item : array) {
      if (Json.equal(item, wanted)) {
        return new Result.Value(true);
      }
    }
    return new Result.Value(false);
  }

  static Result range(List<Object> arguments, Entropy entropy) {
    Long first = NumberIntrinsics.rounded(arguments.get(0));
    Long last = NumberIntrinsics.rounded(arguments.get(1));
    Long step = NumberIntrinsics.rounded(arguments.get(2));
    if (first == null || last == null || step == null) {
      return new Result.Refused("States.ArrayRange requires numbers");
    }
    if (step == 0) {
      return new Result.Refused("The step of States.ArrayRange must not be zero");
    }
    double steps = Math.floor(((double) last - first) / step);
    if (steps >= MAX_RANGE) {
      return new Result.Refused("States.ArrayRange must not give more than 1000 elements");
    }
    List<Object> range = new ArrayList<>();
    for (int i = 0; i <= steps; i++) {
      range.add(NumberIntrinsics.integer(first + i * step));
    }
    return new Result.Value(range);
  }

  /** An index behind the end gives null; a negative one is refused. */
  static Result getItem(List<Object> arguments, Entropy entropy) {
    Long index = NumberIntrinsics.rounded(arguments.get(1));
    if (!(arguments.get(0) instanceof List<?> array) || index == null || index < 0) {
      return new Result.Refused("States.ArrayGetItem requires an array and an index");
    }
    return new Result.Value(index < array.size() ? array.get(index.intValue()) : Json.NULL);
  }

  static Result length(List<Object> arguments, Entropy entropy) {
    return arguments.get(0) instanceof List<?> array
        ? new Result.Value(array.size())
        : new Result.Refused("The argument of States.ArrayLength must be an array");
  }

  static Result unique(List<Object> arguments, Entropy entropy) {
    if (!(arguments.get(0) instanceof List<?> array)) {
      return new Result.Refused("The argument of States.ArrayUnique must be an array");
    }
    Set<ByValue> seen = HashSet.newHashSet(array.size());
    List<Object> unique = new ArrayList<>();
    for (Object item : array) {
      if (seen.add(new ByValue(item))) {
        unique.add(item);
      }
    }
    return new Result.Value(unique);
  }

  /** A key that is equal to others by JSON's rules: 1 and 1.0 are the same. */
  record ByValue(Object json) {
    @Override
    public boolean equals(Object other) {
      return other instanceof ByValue(Object theirs) && Json.equal(json, theirs);
    }

    @Override
    public int hashCode() {
      return Json.hash(json);
    }
  }

  /** Shallow only: the third argument must be false. */
  static Result merge(List<Object> arguments, Entropy entropy) {
    if (!(arguments.get(0) instanceof Map<?, ?> first)
        || !(arguments.get(1) instanceof Map<?, ?> second)) {
      return new Result.Refused("States.JsonMerge requires two objects");
    }
    if (!Boolean.FALSE.equals(arguments.get(2))) {
      return new Result.Refused(
          "States.JsonMerge supports the shallow merging mode only: its third argument must be"
              + " false");
    }
    Map<Object, Object> merged = new LinkedHashMap<>(first);
    merged.putAll(second);
    return new Result.Value(merged);
  }
}
