package io.stepstream.asl.teststate;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.List;

/** The items in what an ItemReader has read. */
final class ReadItems {

  private ReadItems() {}

  /** A JSON array's elements; else the lines, those that are JSON decoded. */
  static List<?> of(String data) {
    if (Json.decode(data) instanceof Decoded.Tree(List<?> items)) {
      return items;
    }
    List<Object> lines = new ArrayList<>();
    data.lines()
        .filter(line -> !line.isBlank())
        .forEach(
            line ->
                lines.add(Json.decode(line) instanceof Decoded.Tree(Object json) ? json : line));
    return lines;
  }
}
