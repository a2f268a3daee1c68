package io.stepstream.asl.engine;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Trees and their bytes within one step. A tree that passes through five states is encoded once,
 * and one that was read from a row and is passed on keeps the very bytes that it had.
 */
final class Payload {

  private final Function<byte[], Decoded> decoder;
  private final Map<Object, byte[]> bytesByTree = new IdentityHashMap<>();

  Payload() {
    this(Json::decode);
  }

  /**
   * @param decoder {@link Json#decode(byte[])}, or a test's that sees what a step decodes
   */
  Payload(Function<byte[], Decoded> decoder) {
    this.decoder = decoder;
  }

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
   * Makes the text of an array of those of its elements: AWS leaves the outputs of branches as they
   * are, blanks included, when it makes the output of the Parallel state.
   */
  void join(List<?> array) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    String separator = "[";
    for (Object element : array) {
      text.writeBytes(separator.getBytes(StandardCharsets.US_ASCII));
      text.writeBytes(encode(element));
      separator = ",";
    }
    text.write(']');
    remember(array, text.toByteArray());
  }

  /**
   * Bytes that are known to be JSON, since the engine or the edge has checked them.
   *
   * @throws IllegalStateException when they are not: a row is corrupt
   */
  Object decodeTrusted(byte[] bytes) {
    return switch (decoder.apply(bytes)) {
      case Decoded.Tree tree -> remember(tree.json(), bytes);
      case Decoded.Malformed malformed ->
          throw new IllegalStateException("stored JSON is corrupt: " + malformed.message());
    };
  }

  Decoded decode(byte[] bytes) {
    Decoded decoded = decoder.apply(bytes);
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
