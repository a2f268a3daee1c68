package io.stepstream.asl.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds trees from Jackson's token stream. */
final class JsonDecoder {

  private static final int MAX_NUMBER_LENGTH = 1000;

  /**
   * Beyond this a number isn't expanded to digits: {@code 1e999999999} is short as text, and the
   * first conversion to an integer would fill the memory.
   */
  private static final int MAX_EXPONENT = 10_000;

  /** Every decimal number of at most 15 digits comes back unchanged from a double. */
  private static final int EXACT_IN_DOUBLE = 15;

  /** Jackson's note on where it read from, which is always memory here. */
  private static final String SOURCE = " \\(start marker at .*\\]\\)";

  static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          // Keys are data: interned, they would fill a table of the JVM that all threads share.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Json.MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonDecoder() {}

  static Decoded decode(byte[] utf8) {
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      return decode(parser);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  static Decoded decode(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return decode(parser);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  static JsonParser parser(InputStream utf8) throws IOException {
    return FACTORY.createParser(utf8);
  }

  private static Decoded decode(JsonParser parser) throws IOException {
    try {
      JsonToken token = parser.nextToken();
      if (token == null) {
        return malformed("No content", parser.currentLocation());
      }
      Object json = value(parser, token);
      if (parser.nextToken() != null) {
        return malformed("Unexpected text after the value", parser.currentTokenLocation());
      }
      return new Decoded.Tree(json);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      return malformed(e.getOriginalMessage(), at == null ? parser.currentLocation() : at);
    }
  }

  private static Decoded malformed(String message, JsonLocation at) {
    return new Decoded.Malformed(
        message.replaceFirst(SOURCE, ""),
        Math.max(1, at.getLineNr()),
        Math.max(1, at.getColumnNr()));
  }

  static Object value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> decimal(parser);
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_NULL -> Json.NULL;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("not the start of a value: " + token);
    };
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    String name;
    while ((name = parser.nextFieldName()) != null) {
      object.put(name, value(parser, parser.nextToken()));
    }
    return object;
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> array = new ArrayList<>();
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      array.add(value(parser, token));
    }
    return array;
  }

  private static Number decimal(JsonParser parser) throws IOException {
    int length = parser.getTextLength();
    double approximate = parser.getDoubleValue();
    if (length <= EXACT_IN_DOUBLE && Double.isFinite(approximate)) {
      return approximate;
    }
    BigDecimal exact = new BigDecimal(parser.getText());
    if (exact.signum() == 0) {
      return approximate;
    }
    if (Math.abs((long) exact.scale() - exact.precision()) > MAX_EXPONENT) {
      throw new JsonParseException(parser, "Number out of range", parser.currentTokenLocation());
    }
    boolean roundTrips =
        Double.isFinite(approximate)
            && new BigDecimal(Double.toString(approximate)).compareTo(exact) == 0;
    return roundTrips ? (Number) approximate : (Number) exact;
  }
}
