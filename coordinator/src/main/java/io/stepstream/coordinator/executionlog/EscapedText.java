package io.stepstream.coordinator.executionlog;

/** How long texts are within strings of JSON: that is what AWS's bounds of 248 KiB count. */
public final class EscapedText {

  private EscapedText() {}

  /** Bytes of all of a text in UTF-8 and escaped, without quotes. */
  public static int bytes(String text) {
    return bytes(text, text.length());
  }

  /** The same of its first characters. */
  static int bytes(String text, int end) {
    int bytes = 0;
    for (int i = 0; i < end; i++) {
      bytes += bytes(text.charAt(i));
    }
    return bytes;
  }

  /** How many of a text's first characters fit; a pair of surrogates stays together. */
  static int fitting(String text, int bytes) {
    int left = bytes;
    for (int i = 0; i < text.length(); i++) {
      left -= bytes(text.charAt(i));
      if (left < 0) {
        return i > 0 && Character.isHighSurrogate(text.charAt(i - 1)) ? i - 1 : i;
      }
    }
    return text.length();
  }

  private static int bytes(char c) {
    if (c < ' ') {
      return c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f' ? 2 : 6;
    }
    if (c == '"' || c == '\\') {
      return 2;
    }
    if (c < 0x80) {
      return 1;
    }
    if (Character.isSurrogate(c)) {
      return 6; // Jackson escapes them, one without its other half too, which is no UTF-8
    }
    return c < 0x800 ? 2 : 3;
  }
}
