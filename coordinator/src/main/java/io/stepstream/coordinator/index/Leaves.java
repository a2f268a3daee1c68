package io.stepstream.coordinator.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The strings, numbers and booleans of a JSON text with their paths, up to bounds. The elements of
 * an array have the path of the array: who searches knows a value, not its place.
 *
 * @param whole whether nothing was left out
 */
record Leaves(List<Leaf> leaves, boolean whole) {

  static final Leaves NONE = new Leaves(List.of(), true);

  /** Of a payload that is left out. */
  static final Leaves LEFT_OUT = new Leaves(List.of(), false);

  private static final int MOST = 200;
  private static final int DEEPEST = 20;
  private static final int LONGEST_PATH = 200;

  /** Of paths and values together, in characters. */
  private static final int LARGEST = 8 * 1024;

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * A value.
   *
   * @param path names separated by dots; empty: the text itself is the value
   * @param value as it is searched for: a number without zeros that mean nothing
   */
  record Leaf(String path, String value) {

    /** Between path and value in {@link #text}; in neither of them. */
    private static final char SEPARATOR = '\0';

    /** Longer ones are found by their words only. */
    private static final int LONGEST_EXACT = 200;

    Leaf {
      path = path.replace(SEPARATOR, '\uFFFD');
    }

    boolean isExact() {
      return value.length() <= LONGEST_EXACT;
    }

    /** Path and value in one; what begins with the path's is at the path. */
    String text() {
      return path + SEPARATOR + value;
    }

    static Leaf of(String text) {
      int separator = text.indexOf(SEPARATOR);
      return new Leaf(text.substring(0, separator), text.substring(separator + 1));
    }
  }

  Leaves {
    leaves = List.copyOf(leaves);
  }

  /** Of a JSON text in UTF-8; null: of none. What follows an error in it is left out. */
  static Leaves of(byte @Nullable [] json) {
    if (json == null) {
      return NONE;
    }
    Reading reading = new Reading();
    try (JsonParser parser = JSON.createParser(json)) {
      boolean whole = reading.all(parser);
      return new Leaves(reading.leaves, whole);
    } catch (IOException _) {
      return new Leaves(reading.leaves, false);
    }
  }

  /** As a number is searched for; null: it is none, or an unreasonable one. */
  static @Nullable String number(String text) {
    try {
      BigDecimal number = new BigDecimal(text).stripTrailingZeros();
      return Math.abs((long) number.scale()) > Leaf.LONGEST_EXACT
          ? number.toString()
          : number.toPlainString();
    } catch (NumberFormatException | ArithmeticException _) {
      return null;
    }
  }

  /** Keeps the path while it goes through the tokens. Not thread safe. */
  private static final class Reading {

    private final List<Leaf> leaves = new ArrayList<>();

    /** The paths of what is open, the innermost first. */
    private final Deque<String> open = new ArrayDeque<>();

    private String name = "";
    private int size;

    /** False: a bound was met. */
    boolean all(JsonParser parser) throws IOException {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        boolean goesOn =
            switch (token) {
              case START_OBJECT, START_ARRAY -> {
                open.push(path());
                name = "";
                yield open.size() <= DEEPEST;
              }
              case END_OBJECT, END_ARRAY -> {
                open.pop();
                name = "";
                yield true;
              }
              case FIELD_NAME -> {
                name = parser.currentName();
                yield true;
              }
              case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                String number = number(parser.getText());
                yield number != null && add(number);
              }
              case VALUE_STRING, VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> add(parser.getText());
              default -> throw new IllegalStateException("JSON has no " + token);
            };
        if (!goesOn) {
          return false;
        }
      }
      return true;
    }

    private String path() {
      String outer = open.isEmpty() ? "" : open.peek();
      return outer.isEmpty() || name.isEmpty() ? outer + name : outer + '.' + name;
    }

    private boolean add(String value) {
      String path = path();
      int room = LARGEST - size - path.length();
      if (leaves.size() == MOST || path.length() > LONGEST_PATH || room <= 0) {
        return false;
      }
      boolean fits = value.length() <= room;
      leaves.add(new Leaf(path, fits ? value : value.substring(0, room)));
      size += path.length() + Math.min(value.length(), room);
      return fits;
    }
  }
}
