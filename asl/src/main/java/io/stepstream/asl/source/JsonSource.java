package io.stepstream.asl.source;

import static io.stepstream.asl.source.ProblemCode.INVALID_JSON_DESCRIPTION;
import static io.stepstream.asl.source.ProblemCode.TOO_DEEPLY_NESTED;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.stepstream.asl.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON. Duplicate names are errors, since one of two states would vanish without a word. */
final class JsonSource {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(SourceReader.MAX_DEPTH)
                  .maxStringLength(SourceReader.MAX_BYTES)
                  .maxNameLength(SourceReader.MAX_BYTES)
                  .maxNumberLength(1_000)
                  .build())
          .build();

  private final JsonParser parser;
  private final Problems problems;

  private JsonSource(JsonParser parser, Problems problems) {
    this.parser = parser;
    this.problems = problems;
  }

  static @Nullable Node read(String text, Problems problems) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return new JsonSource(parser, problems).document();
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private @Nullable Node document() throws IOException {
    try {
      parser.nextToken();
      Node root = value(Path.ROOT);
      if (parser.nextToken() != null) {
        Position at = position(parser.currentTokenLocation());
        report(INVALID_JSON_DESCRIPTION, at, "Unexpected text after the definition");
        return null;
      }
      return root;
    } catch (StreamConstraintsException e) {
      boolean deep = parser.getParsingContext().getNestingDepth() >= SourceReader.MAX_DEPTH;
      report(
          deep ? TOO_DEEPLY_NESTED : INVALID_JSON_DESCRIPTION,
          position(parser.currentLocation()),
          deep
              ? "The definition is nested deeper than " + SourceReader.MAX_DEPTH + " levels"
              : e.getOriginalMessage());
      return null;
    } catch (JsonProcessingException e) {
      Position at = position(e.getLocation());
      report(INVALID_JSON_DESCRIPTION, at, e.getOriginalMessage());
      return null;
    }
  }

  private Node value(Path path) throws IOException {
    Position at = position(parser.currentTokenLocation());
    return switch (parser.currentToken()) {
      case START_OBJECT -> struct(path, at);
      case START_ARRAY -> array(path, at);
      case VALUE_STRING -> new Node.Scalar(path, at, parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Node.Scalar(path, at, number());
      case VALUE_TRUE -> new Node.Scalar(path, at, Boolean.TRUE);
      case VALUE_FALSE -> new Node.Scalar(path, at, Boolean.FALSE);
      case VALUE_NULL -> new Node.Scalar(path, at, Json.NULL);
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("not the start of a value: " + parser.currentToken());
    };
  }

  private Number number() throws IOException {
    Number number = Numbers.parse(parser.getText());
    if (number == null) {
      throw new JsonParseException(parser, "Number out of range", parser.currentTokenLocation());
    }
    return number;
  }

  private Node.Struct struct(Path path, Position at) throws IOException {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      Position nameAt = position(parser.currentTokenLocation());
      parser.nextToken();
      Path field = path.field(name);
      Node.Member member = new Node.Member(nameAt, value(field));
      if (members.putIfAbsent(name, member) != null) {
        problems.errorAtName(
            INVALID_JSON_DESCRIPTION, field, nameAt, "Duplicate field '" + name + "'");
      }
    }
    return new Node.Struct(path, at, members);
  }

  private Node.Array array(Path path, Position at) throws IOException {
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(path.element(items.size())));
    }
    return new Node.Array(path, at, items);
  }

  private void report(ProblemCode code, Position at, String message) {
    problems.errorWithoutLocation(code, Path.ROOT, at, message);
  }

  private static Position position(@Nullable JsonLocation location) {
    return location == null
        ? Position.START
        : new Position(location.getLineNr(), location.getColumnNr());
  }
}
