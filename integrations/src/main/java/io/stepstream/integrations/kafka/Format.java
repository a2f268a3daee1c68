package io.stepstream.integrations.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.worker.handler.JsonText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Encodings that need nothing but the bytes. */
enum Format implements Encoding {
  /** The bytes are JSON text. */
  JSON,
  /** The bytes are the UTF-8 of a string. */
  TEXT,
  /** Any bytes; the string is their Base64. */
  BASE64;

  @Override
  public JsonNode decode(byte @Nullable [] bytes) throws Unreadable {
    if (bytes == null) {
      return JsonNodeFactory.instance.nullNode();
    }
    return switch (this) {
      case JSON -> {
        try {
          yield JsonText.read(bytes);
        } catch (IOException _) {
          throw new Unreadable("not JSON");
        }
      }
      case TEXT -> {
        try {
          yield JsonNodeFactory.instance.textNode(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException _) {
          throw new Unreadable("not UTF-8");
        }
      }
      case BASE64 -> JsonNodeFactory.instance.textNode(Base64.getEncoder().encodeToString(bytes));
    };
  }

  @Override
  public byte @Nullable [] encode(JsonNode given) throws Unreadable {
    if (given.isNull()) {
      return null;
    }
    if (this == JSON) {
      return json(given);
    }
    if (!given.isTextual()) {
      throw new Unreadable("not a string");
    }
    if (this == TEXT) {
      return given.textValue().getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Base64.getDecoder().decode(given.textValue());
    } catch (IllegalArgumentException _) {
      throw new Unreadable("not Base64");
    }
  }

  private static byte[] json(JsonNode tree) {
    try {
      return JsonText.write(tree);
    } catch (IOException e) {
      throw new IllegalStateException("a tree in memory can't be written", e);
    }
  }
}
