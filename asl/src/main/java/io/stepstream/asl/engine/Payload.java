package io.stepstream.asl.engine;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trees and their bytes within one step. A tree that passes through five states is encoded once,
 * and one that was read from a row and is passed on keeps the very bytes that it had.
 */
final class Payload {

  private final Map<Object, byte[]> bytesByTree = new IdentityHashMap<>();

  byte[] encode(Object tree) {
    byte[] bytes = bytesByTree.get(tree);
    if (bytes == null) {
      bytes = Json.encodeUtf8(tree);
      remember(tree, bytes);
    }
    return bytes;
  }

  /**
   * As {@link #encode}, but null when the text would be longer than that or too deep to be decoded
   * again. Every tree that an expression has made comes in this way: nodes may be shared, so its
   * text can be exponentially longer than the memory that it takes.
   */
  byte @Nullable [] encode(Object tree, int maxBytes) {
    byte[] known = bytesByTree.get(tree);
    if (known != null) {
      return known.length <= maxBytes ? known : null;
    }
    byte[] bytes = Json.encodeUtf8(tree, maxBytes);
    if (bytes != null) {
      remember(tree, bytes);
    }
    return bytes;
  }

  /**
   * Bytes that are known to be JSON, since the engine or the edge has checked them.
   *
   * @throws IllegalStateException when they are not: a row is corrupt
   */
  Object decodeTrusted(byte[] bytes) {
    return switch (Json.decode(bytes)) {
      case Decoded.Tree tree -> remember(tree.json(), bytes);
      case Decoded.Malformed malformed ->
          throw new IllegalStateException("stored JSON is corrupt: " + malformed.message());
    };
  }

  Decoded decode(byte[] bytes) {
    Decoded decoded = Json.decode(bytes);
    if (decoded instanceof Decoded.Tree(Object value)) {
      remember(value, bytes);
    }
    return decoded;
  }

  private Object remember(Object tree, byte[] bytes) {
    // Small numbers, booleans and null are shared objects: the same identity may stand for another
    // text.
    if (tree instanceof Map || tree instanceof java.util.List) {
      bytesByTree.put(tree, bytes);
    }
    return tree;
  }
}
