package io.stepstream.asl.json;

import com.dashjoin.jsonata.Jsonata;

/** JSON values and their bytes. */
public final class Json {

  /**
   * JSON's null. It is the very object which the JSONata library uses, since that library takes
   * Java's null for "undefined": with one object for both, trees pass into expressions without
   * being converted.
   */
  public static final Object NULL = Jsonata.NULL_VALUE;

  private Json() {}

  /** Decodes UTF-8 text. The last of duplicate keys wins. */
  public static Decoded decode(byte[] utf8) {
    throw new UnsupportedOperationException();
  }

  /** Decodes text. The last of duplicate keys wins. */
  public static Decoded decode(String text) {
    throw new UnsupportedOperationException();
  }

  /** The compact text of a tree. */
  public static String encode(Object json) {
    throw new UnsupportedOperationException();
  }

  /** The compact text of a tree, in UTF-8. */
  public static byte[] encodeUtf8(Object json) {
    throw new UnsupportedOperationException();
  }

  /** The number of bytes that {@link #encodeUtf8} would give. */
  public static int utf8Length(Object json) {
    throw new UnsupportedOperationException();
  }

  /** Deep equality; numbers are equal by value, whatever their Java type. */
  public static boolean equal(Object a, Object b) {
    throw new UnsupportedOperationException();
  }

  /** JSON's name of the value's type: null, boolean, number, string, array or object. */
  public static String typeName(Object json) {
    throw new UnsupportedOperationException();
  }
}
