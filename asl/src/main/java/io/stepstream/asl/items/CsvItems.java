package io.stepstream.asl.items;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV file as objects, all values strings. Cells that a row lacks are empty strings;
 * cells beyond the headers are left out; empty lines are passed over. A cell in quotation marks may
 * hold delimiters and line breaks, and quotation marks doubled.
 */
final class CsvItems implements Items {

  private static final int END = -1;
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final BoundedInput input;
  private final Reader text;
  private final char delimiter;
  private @Nullable List<String> headers;
  private int next;
  private boolean begun;

  /**
   * @param headers null: they are in the first row
   */
  CsvItems(InputStream bytes, char delimiter, @Nullable List<String> headers) {
    this.input = new BoundedInput(bytes);
    this.text = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
    this.delimiter = delimiter;
    this.headers = headers;
  }

  /** The character that {@code CSVDelimiter} names. */
  static char delimiter(@Nullable String name) {
    return switch (name) {
      case "PIPE" -> '|';
      case "SEMICOLON" -> ';';
      case "SPACE" -> ' ';
      case "TAB" -> '\t';
      case null, default -> ',';
    };
  }

  @Override
  public @Nullable Object next() throws IOException {
    List<String> names = headers();
    List<String> row = row();
    if (names == null || row == null) {
      return null;
    }
    // AWS's texts show the order of a hash map, not that of the headers.
    Map<String, Object> item = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      item.put(names.get(i), i < row.size() ? row.get(i) : "");
    }
    return item;
  }

  private @Nullable List<String> headers() throws IOException {
    if (!begun) {
      begun = true;
      next = text.read();
      if (next == BYTE_ORDER_MARK) {
        next = text.read();
      }
      if (headers == null) {
        headers = row();
      }
      if (headers != null && new HashSet<>(headers).size() < headers.size()) {
        throw new ReadRefused("CSV headers cannot contain duplicates.");
      }
    }
    return headers;
  }

  /** Null: there is no further row. */
  private @Nullable List<String> row() throws IOException {
    input.nextItem();
    while (next == '\n' || next == '\r') {
      next = text.read();
    }
    if (next == END) {
      return null;
    }
    List<String> cells = new ArrayList<>();
    while (true) {
      cells.add(next == '"' ? quoted() : plain(new StringBuilder()));
      if (next != delimiter) {
        return cells;
      }
      next = text.read();
    }
  }

  /** Reads on to the end of the cell. */
  private String plain(StringBuilder cell) throws IOException {
    while (next != delimiter && next != '\n' && next != '\r' && next != END) {
      cell.append((char) next);
      next = text.read();
    }
    return cell.toString();
  }

  private String quoted() throws IOException {
    StringBuilder cell = new StringBuilder();
    while (true) {
      next = text.read();
      if (next == END) {
        return cell.toString();
      }
      if (next == '"') {
        next = text.read();
        if (next != '"') {
          return plain(cell);
        }
      }
      cell.append((char) next);
    }
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
