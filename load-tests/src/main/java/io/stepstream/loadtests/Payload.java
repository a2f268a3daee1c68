package io.stepstream.loadtests;

import java.nio.charset.StandardCharsets;

/** Inputs of a given size. */
final class Payload {

  private static final String BEGIN = "{\"text\":\"";
  private static final String END = "\"}";

  /** The smallest input that there is. */
  static final int LEAST_BYTES = BEGIN.length() + END.length();

  private Payload() {}

  /** A JSON object of exactly that many bytes. */
  static byte[] json(int bytes) {
    if (bytes < LEAST_BYTES) {
      throw new IllegalArgumentException("no JSON input has " + bytes + " bytes");
    }
    return (BEGIN + "x".repeat(bytes - LEAST_BYTES) + END).getBytes(StandardCharsets.UTF_8);
  }
}
