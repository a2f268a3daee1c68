package io.stepstream.asl.json;

/** The outcome of decoding JSON text. */
public sealed interface Decoded {

  /**
   * @param json a tree as the package describes
   */
  record Tree(Object json) implements Decoded {}

  /**
   * The text isn't JSON or exceeds a bound.
   *
   * @param line counted from 1
   * @param column counted from 1
   */
  record Malformed(String message, int line, int column) implements Decoded {}
}
