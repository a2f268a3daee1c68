package io.stepstream.asl.items;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of a file, each a JSON value; empty lines are passed over. */
final class JsonLineItems implements Items {

  private final BoundedInput input;
  private final InputStream bytes;
  private long line;

  JsonLineItems(InputStream bytes) {
    this.input = new BoundedInput(bytes);
    this.bytes = new BufferedInputStream(input);
  }

  @Override
  public @Nullable Object next() throws IOException {
    while (true) {
      input.nextItem();
      byte[] text = line();
      if (text == null) {
        return null;
      }
      line++;
      if (!new String(text, StandardCharsets.UTF_8).isBlank()) {
        return switch (Json.decode(text)) {
          case Decoded.Tree(Object json) -> json;
          case Decoded.Malformed malformed ->
              throw new ReadRefused(
                  "Line %d of the file is not valid JSON: %s".formatted(line, malformed.message()));
        };
      }
    }
  }

  /** Null: the file has ended. */
  private byte @Nullable [] line() throws IOException {
    int next = bytes.read();
    if (next < 0) {
      return null;
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    while (next >= 0 && next != '\n') {
      text.write(next);
      next = bytes.read();
    }
    return text.toByteArray();
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
