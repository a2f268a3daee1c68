package io.stepstream.asl.expr;

import io.stepstream.asl.expr.JsonataFunction.Arguments;
import io.stepstream.asl.expr.JsonataFunction.Session;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** AWS's own JSONata functions, and the ones that depend on time and randomness. */
final class JsonataAdditions {

  /** Longer arrays than this fail, as they fail on AWS for want of memory. */
  static final int MAX_ARRAY = 500_000;

  private JsonataAdditions() {}

  static @Nullable Object partition(Arguments arguments, Session session) {
    Object size = arguments.get(1);
    if (!(arguments.get(0) instanceof List<?> array)) {
      return null;
    }
    Long chunk = size == null ? null : NumberIntrinsics.rounded(size);
    if (chunk == null || chunk <= 0) {
      throw new JsonataFault("The chunk size of $partition must be a non-zero, positive integer");
    }
    return ArrayIntrinsics.partition(array, chunk);
  }

  static @Nullable Object range(Arguments arguments, Session session) {
    if (!(arguments.get(0) instanceof Number first) || !(arguments.get(1) instanceof Number last)) {
      return null;
    }
    double step = arguments.get(2) instanceof Number number ? number.doubleValue() : 1;
    if (step == 0) {
      throw new JsonataFault("The step of $range must not be zero");
    }
    double steps = Math.floor((last.doubleValue() - first.doubleValue()) / step);
    if (steps >= MAX_ARRAY) {
      throw JsonataFault.memory();
    }
    List<Object> range = session.sequence();
    for (int i = 0; i <= steps; i++) {
      range.add(number(first.doubleValue() + i * step));
    }
    return range;
  }

  /** An integer where the value is one, as JavaScript prints it. */
  static Number number(double value) {
    long integer = (long) value;
    if (integer == value) {
      return NumberIntrinsics.integer(integer);
    }
    return value;
  }

  static @Nullable Object hash(Arguments arguments, Session session) {
    Object data = arguments.get(0);
    if (data == null) {
      return null;
    }
    String algorithm = arguments.get(1) instanceof String name ? name : "SHA-256";
    if (!StringIntrinsics.isHashAlgorithm(algorithm)) {
      throw new JsonataFault(
          "The algorithm of $hash must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512");
    }
    String text = data instanceof String string ? string : Json.encode(data);
    return StringIntrinsics.hash(text, algorithm);
  }

  /** A number from 0 inclusive to 1 exclusive; the same seed gives the same number. */
  static Object random(Arguments arguments, Session session) {
    long bits =
        arguments.get(0) instanceof Number seed
            ? NumberIntrinsics.mix(Double.doubleToLongBits(seed.doubleValue()))
            : session.entropy().nextLong();
    return (bits >>> 11) * 0x1.0p-53;
  }

  static Object uuid(Arguments arguments, Session session) {
    return NumberIntrinsics.uuid(session.entropy());
  }

  static @Nullable Object parse(Arguments arguments, Session session) {
    if (!(arguments.get(0) instanceof String text)) {
      return null;
    }
    return switch (Json.decode(text)) {
      case Decoded.Tree(Object json) -> json;
      case Decoded.Malformed(String message, int line, int column) ->
          throw new JsonataFault(
              "Unable to parse JSON: %s at line %d, column %d".formatted(message, line, column));
    };
  }

  static Object now(Arguments arguments, Session session) {
    return session.formatTime(
        session.entropy().nowMillis(),
        arguments.get(0) instanceof String picture ? picture : null,
        arguments.get(1) instanceof String zone ? zone : null);
  }

  static Object millis(Arguments arguments, Session session) {
    return session.entropy().nowMillis();
  }

  /** AWS doesn't have it: the text would escape every check that was made on the definition. */
  static Object eval(Arguments arguments, Session session) {
    throw new JsonataFault("T1006", "Attempted to invoke a non-function");
  }

  static @Nullable Object shuffle(Arguments arguments, Session session) {
    if (!(arguments.get(0) instanceof List<?> array)) {
      return null;
    }
    List<Object> shuffled = new ArrayList<>(array);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      int other = (int) Long.remainderUnsigned(session.entropy().nextLong(), i + 1L);
      Object moved = shuffled.get(i);
      shuffled.set(i, shuffled.get(other));
      shuffled.set(other, moved);
    }
    return shuffled;
  }
}
