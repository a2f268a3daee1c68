package io.stepstream.asl.json;

import com.dashjoin.jsonata.Jsonata;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values and their bytes. */
public final class Json {

  /**
   * JSON's null. It is the very object which the JSONata library uses, since that library takes
   * Java's null for "undefined": with one object for both, trees pass into expressions without
   * being converted.
   */
  public static final Object NULL = Jsonata.NULL_VALUE;

  /**
   * Nesting beyond this is refused. Every walk over a tree recurses, so an unbounded depth would
   * end in a stack overflow far from the text that caused it.
   */
  static final int MAX_DEPTH = 500;

  private Json() {}

  /** Decodes UTF-8 text. The last of duplicate keys wins. Never throws for bad text. */
  public static Decoded decode(byte[] utf8) {
    return JsonDecoder.decode(utf8);
  }

  /** Decodes text. The last of duplicate keys wins. Never throws for bad text. */
  public static Decoded decode(String text) {
    return JsonDecoder.decode(text);
  }

  /**
   * The compact text of a tree, keys in their order.
   *
   * @throws IllegalArgumentException if the tree holds what isn't JSON: a bug of the caller
   */
  public static String encode(Object json) {
    return new String(encodeUtf8(json), StandardCharsets.UTF_8);
  }

  /**
   * The compact text of a tree in UTF-8, keys in their order.
   *
   * @throws IllegalArgumentException if the tree holds what isn't JSON: a bug of the caller
   */
  public static byte[] encodeUtf8(Object json) {
    JsonEncoder encoder = new JsonEncoder(Integer.MAX_VALUE);
    encoder.write(json);
    return encoder.toBytes();
  }

  /**
   * The very text of a part of a tree, blanks included.
   *
   * @param part an object or array of the tree, by its identity
   * @param utf8 the text that the tree was decoded from
   * @return null: the tree doesn't hold the part
   */
  public static byte @Nullable [] textOf(Object part, Object tree, byte[] utf8) {
    return part instanceof Map || part instanceof List ? new PartText(utf8).find(part, tree) : null;
  }

  /**
   * As {@link #encodeUtf8(Object)}, but null as soon as the text exceeds {@code maxBytes} or the
   * depth that can be decoded. This is the way to encode what executions produce: a tree whose
   * nodes are shared may be exponentially longer than the memory that it takes.
   */
  public static byte @Nullable [] encodeUtf8(Object json, int maxBytes) {
    JsonEncoder encoder = new JsonEncoder(maxBytes);
    encoder.write(json);
    return encoder.overflowed() ? null : encoder.toBytes();
  }

  /** Deep equality; numbers are equal by value, whatever their Java type. Key order is ignored. */
  public static boolean equal(Object a, Object b) {
    if (a == b) {
      return true;
    }
    return switch (a) {
      case Number x -> b instanceof Number y && compare(x, y) == 0;
      case Map<?, ?> x -> b instanceof Map<?, ?> y && equalObjects(x, y);
      case List<?> x -> b instanceof List<?> y && equalArrays(x, y);
      default -> a.equals(b);
    };
  }

  private static boolean equalObjects(Map<?, ?> a, Map<?, ?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : a.entrySet()) {
      Object other = b.get(entry.getKey());
      if (other == null || !equal(entry.getValue(), other)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalArrays(List<?> a, List<?> b) {
    int size = a.size();
    if (size != b.size()) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** A hash that agrees with {@link #equal}. */
  public static int hash(Object json) {
    return switch (json) {
      case Number number -> Double.hashCode(number.doubleValue() + 0.0);
      case Map<?, ?> object -> {
        int hash = 1;
        for (Map.Entry<?, ?> entry : object.entrySet()) {
          hash += entry.getKey().hashCode() ^ (31 * hash(entry.getValue()));
        }
        yield hash;
      }
      case List<?> array -> {
        int hash = 7;
        for (Object item : array) {
          hash = 31 * hash + hash(item);
        }
        yield hash;
      }
      default -> json.hashCode();
    };
  }

  /** Compares by value, exactly: 1 and 1.0 are the same, 2^53 and 2^53 + 1 are not. */
  public static int compare(Number a, Number b) {
    if (isLong(a) && isLong(b)) {
      return Long.compare(a.longValue(), b.longValue());
    }
    if (a instanceof Double x && b instanceof Double y) {
      return Double.compare(x + 0.0, y + 0.0);
    }
    return decimal(a).compareTo(decimal(b));
  }

  private static boolean isLong(Number number) {
    return number instanceof Integer || number instanceof Long;
  }

  private static BigDecimal decimal(Number number) {
    return switch (number) {
      case BigDecimal decimal -> decimal;
      case BigInteger integer -> new BigDecimal(integer);
      case Integer integer -> BigDecimal.valueOf(integer);
      case Long integer -> BigDecimal.valueOf(integer);
      default -> BigDecimal.valueOf(number.doubleValue());
    };
  }

  /** JSON's name of the value's type: null, boolean, number, string, array or object. */
  public static String typeName(Object json) {
    return switch (json) {
      case String _ -> "string";
      case Number _ -> "number";
      case Boolean _ -> "boolean";
      case Map<?, ?> _ -> "object";
      case List<?> _ -> "array";
      default -> {
        if (json == NULL) {
          yield "null";
        }
        throw new IllegalArgumentException("not JSON: " + json.getClass());
      }
    };
  }
}
