package io.stepstream.asl.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Walks a text and the tree that was decoded from it in step, to find the text of a part. */
final class PartText {

  private final byte[] utf8;

  PartText(byte[] utf8) {
    this.utf8 = utf8;
  }

  byte @Nullable [] find(Object part, Object tree) {
    try (JsonParser parser = JsonDecoder.FACTORY.createParser(utf8)) {
      parser.nextToken();
      return find(parser, part, tree);
    } catch (IOException e) {
      throw new UncheckedIOException("the text is not that of the tree", e);
    }
  }

  /** The parser stands at the first token of the node, and ends at its last one if null. */
  private byte @Nullable [] find(JsonParser parser, Object part, @Nullable Object node)
      throws IOException {
    if (node == part) {
      int start = (int) parser.currentTokenLocation().getByteOffset();
      parser.skipChildren();
      return Arrays.copyOfRange(utf8, start, (int) parser.currentLocation().getByteOffset());
    }
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT && node instanceof Map<?, ?> object) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        byte[] found = find(parser, part, object.get(name));
        if (found != null) {
          return found;
        }
      }
    } else if (token == JsonToken.START_ARRAY && node instanceof List<?> array) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        byte[] found = find(parser, part, i < array.size() ? array.get(i) : null);
        if (found != null) {
          return found;
        }
      }
    } else {
      parser.skipChildren(); // the value of a key that a later one has replaced
    }
    return null;
  }
}
