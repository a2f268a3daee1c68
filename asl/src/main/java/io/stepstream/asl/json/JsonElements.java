package io.stepstream.asl.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of an array somewhere in a JSON text of any length, one after another: only one of
 * them is in memory at a time. Not thread safe.
 */
public final class JsonElements implements Closeable {

  private final JsonParser parser;

  public JsonElements(InputStream utf8) throws IOException {
    this.parser = JsonDecoder.parser(utf8);
  }

  /**
   * Goes to the array to which the members and indexes lead from the top. Called once, first.
   *
   * @return false: they lead nowhere, or to no array
   * @throws JsonProcessingException the text before it is no JSON
   */
  public boolean enter(List<String> pointer) throws IOException {
    JsonToken token = parser.nextToken();
    for (String step : pointer) {
      token =
          switch (token) {
            case START_OBJECT -> member(step);
            case START_ARRAY -> element(step);
            case null, default -> null;
          };
      if (token == null) {
        return false;
      }
    }
    return token == JsonToken.START_ARRAY;
  }

  private @Nullable JsonToken member(String name) throws IOException {
    String found;
    while ((found = parser.nextFieldName()) != null) {
      JsonToken value = parser.nextToken();
      if (found.equals(name)) {
        return value;
      }
      parser.skipChildren();
    }
    return null;
  }

  private @Nullable JsonToken element(String index) throws IOException {
    if (!index.matches("\\d{1,9}")) {
      return null;
    }
    int left = Integer.parseInt(index);
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY && token != null) {
      if (left-- == 0) {
        return token;
      }
      parser.skipChildren();
    }
    return null;
  }

  /**
   * The next element; null: the array has ended. What follows it in the text is not looked at.
   *
   * @throws JsonProcessingException the element is no JSON
   */
  public @Nullable Object next() throws IOException {
    JsonToken token = parser.nextToken();
    return token == null || token == JsonToken.END_ARRAY ? null : JsonDecoder.value(parser, token);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
