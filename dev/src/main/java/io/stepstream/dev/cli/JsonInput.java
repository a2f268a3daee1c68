package io.stepstream.dev.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.stepstream.dev.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The input of an execution, as {@code --input} gives it. */
final class JsonInput {
  /** AWS's limit on the input of an execution, in bytes of UTF-8. */
  static final int MAX_BYTES = 262_144;

  private static final JsonFactory JSON = new JsonFactory();

  private JsonInput() {}

  /**
   * Reads an input and checks that it is one JSON value.
   *
   * @param argument JSON, {@code @FILE}, or {@code -} for standard input
   */
  static String read(String argument, InputStream stdin) throws Refusal {
    String source =
        argument.equals("-")
            ? "Standard input"
            : argument.startsWith("@") ? "The file " + argument.substring(1) : "--input";
    byte[] bytes = bytes(argument, stdin);
    if (bytes.length > MAX_BYTES) {
      throw new Refusal(
          source
              + " has "
              + bytes.length
              + " bytes, and an execution's input has at most "
              + MAX_BYTES,
          "Put the bulk elsewhere and pass a reference to it");
    }
    String json = decode(bytes, source);
    requireOneValue(json, source);
    return json;
  }

  private static byte[] bytes(String argument, InputStream stdin) throws Refusal {
    if (argument.equals("-")) {
      try {
        return stdin.readNBytes(MAX_BYTES + 1);
      } catch (IOException e) {
        throw new Refusal(
            "Standard input can't be read: " + e.getMessage(), "Use --input @FILE", e);
      }
    }
    if (!argument.startsWith("@")) {
      return argument.getBytes(StandardCharsets.UTF_8);
    }
    return FileText.bytes(Path.of(argument.substring(1)), "the input");
  }

  private static String decode(byte[] bytes, String source) throws Refusal {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(source + " isn't UTF-8 text", "Save it as UTF-8", e);
    }
  }

  private static void requireOneValue(String json, String source) throws Refusal {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() == null) {
        throw new Refusal(source + " is empty, which isn't JSON", "Give {} for an empty input");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw notJson(
            source, parser.currentTokenLocation(), "text follows the end of the JSON value");
      }
    } catch (JsonProcessingException e) {
      throw notJson(source, e.getLocation(), e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static Refusal notJson(String source, JsonLocation at, String reason) {
    return new Refusal(
        "%s isn't JSON at line %d, column %d: %s"
            .formatted(source, at.getLineNr(), at.getColumnNr(), reason),
        "Give one JSON value, @FILE, or - for standard input");
  }
}
