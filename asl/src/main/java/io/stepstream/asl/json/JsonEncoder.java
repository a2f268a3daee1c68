package io.stepstream.asl.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes trees as compact UTF-8. Numbers print as Java prints them. Lone surrogates are written as
 * escapes, so that every string which can be decoded can be encoded again without loss.
 */
final class JsonEncoder {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  private final int maxBytes;
  private byte[] buffer = new byte[256];
  private int length;
  private int depth;
  private boolean tooDeep;

  JsonEncoder(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  boolean overflowed() {
    return length > maxBytes || tooDeep;
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  void write(Object json) {
    if (overflowed()) {
      return;
    }
    switch (json) {
      case String text -> writeString(text);
      case Number number -> writeNumber(number);
      case Boolean bool -> writeAscii(bool ? TRUE : FALSE);
      case Map<?, ?> object -> writeObject(object);
      case List<?> array -> writeArray(array);
      default -> {
        if (json != Json.NULL) {
          throw new IllegalArgumentException("not JSON: " + json.getClass());
        }
        writeAscii(NULL);
      }
    }
  }

  private void writeObject(Map<?, ?> object) {
    enter();
    writeByte('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      if (!first) {
        writeByte(',');
      }
      first = false;
      writeString((String) entry.getKey());
      writeByte(':');
      write(entry.getValue());
    }
    writeByte('}');
    depth--;
  }

  /** Text that is nested more deeply could not be decoded again. */
  private void enter() {
    if (++depth > Json.MAX_DEPTH && maxBytes < Integer.MAX_VALUE) {
      tooDeep = true;
    }
  }

  private void writeArray(List<?> array) {
    enter();
    writeByte('[');
    int size = array.size();
    for (int i = 0; i < size && !overflowed(); i++) {
      if (i > 0) {
        writeByte(',');
      }
      write(array.get(i));
    }
    writeByte(']');
    depth--;
  }

  private void writeNumber(Number number) {
    if (number instanceof Double d && !Double.isFinite(d)) {
      // JSON has no infinity; JavaScript, whose numbers JSONata has, writes null too.
      writeAscii(NULL);
      return;
    }
    writeLatin(number.toString());
  }

  private void writeString(String text) {
    int size = text.length();
    // Room for the quotes and plain ASCII; anything longer asks again.
    ensure(size + 2);
    buffer[length++] = '"';
    for (int i = writePlain(text); i < size; i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        writeByte(c);
      } else if (c < 0x80) {
        writeEscape(c);
      } else if (c < 0x800) {
        writeByte(0xC0 | c >> 6);
        writeByte(0x80 | c & 0x3F);
      } else if (!Character.isSurrogate(c)) {
        writeByte(0xE0 | c >> 12);
        writeByte(0x80 | c >> 6 & 0x3F);
        writeByte(0x80 | c & 0x3F);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < size
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int codePoint = Character.toCodePoint(c, text.charAt(++i));
        writeByte(0xF0 | codePoint >> 18);
        writeByte(0x80 | codePoint >> 12 & 0x3F);
        writeByte(0x80 | codePoint >> 6 & 0x3F);
        writeByte(0x80 | codePoint & 0x3F);
      } else {
        writeUnicodeEscape(c);
      }
    }
    writeByte('"');
  }

  /**
   * Writes the text up to the first character that isn't plain ASCII, which is nearly always all of
   * it. The caller has made room. Works on locals, since a field written with every byte would keep
   * the compiler from anything but storing byte by byte.
   *
   * @return how many characters are written
   */
  private int writePlain(String text) {
    byte[] to = buffer;
    int from = length;
    int size = text.length();
    int i = 0;
    for (; i < size; i++) {
      char c = text.charAt(i);
      if (!isPlain(c)) {
        break;
      }
      to[from + i] = (byte) c;
    }
    length = from + i;
    return i;
  }

  private static boolean isPlain(char c) {
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
  }

  private void writeEscape(char c) {
    switch (c) {
      case '"' -> writePair('"');
      case '\\' -> writePair('\\');
      case '\b' -> writePair('b');
      case '\t' -> writePair('t');
      case '\n' -> writePair('n');
      case '\f' -> writePair('f');
      case '\r' -> writePair('r');
      default -> writeUnicodeEscape(c);
    }
  }

  private void writePair(char c) {
    writeByte('\\');
    writeByte(c);
  }

  private void writeUnicodeEscape(char c) {
    writePair('u');
    writeByte(HEX[c >> 12 & 0xF]);
    writeByte(HEX[c >> 8 & 0xF]);
    writeByte(HEX[c >> 4 & 0xF]);
    writeByte(HEX[c & 0xF]);
  }

  private void writeLatin(String text) {
    int size = text.length();
    ensure(size);
    for (int i = 0; i < size; i++) {
      buffer[length++] = (byte) text.charAt(i);
    }
  }

  private void writeAscii(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void writeByte(int b) {
    if (length == buffer.length) {
      ensure(1);
    }
    buffer[length++] = (byte) b;
  }

  private void ensure(int more) {
    int needed = Math.addExact(length, more);
    if (needed > buffer.length) {
      long doubled = Math.min((long) buffer.length * 2, Integer.MAX_VALUE - 8);
      buffer = Arrays.copyOf(buffer, (int) Math.max(doubled, needed));
    }
  }
}
