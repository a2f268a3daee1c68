package io.stepstream.loadtests;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * JSON inputs of one size, each another random text. A producer that compresses finds nothing in
 * them, nor in one beside the next: what it saves is what the engine itself repeats. The same in
 * every run.
 */
final class Inputs {

  private static final String BEGIN = "{\"text\":\"";
  private static final String END = "\"}";

  /** The smallest input that there is. */
  static final int LEAST_BYTES = BEGIN.length() + END.length();

  /** Inputs come again after so many, or after so many bytes: far beyond what LZ4 looks back. */
  private static final int MOST = 1024;

  private static final int MOST_BYTES = 4 << 20;

  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

  private final byte[][] inputs;

  private Inputs(byte[][] inputs) {
    this.inputs = inputs;
  }

  static Inputs of(int bytes) {
    if (bytes < LEAST_BYTES) {
      throw new IllegalArgumentException("no JSON input has " + bytes + " bytes");
    }
    SplittableRandom random = new SplittableRandom(bytes);
    byte[][] inputs = new byte[Math.clamp(MOST_BYTES / bytes, 1, MOST)][];
    for (int i = 0; i < inputs.length; i++) {
      StringBuilder text = new StringBuilder(bytes).append(BEGIN);
      while (text.length() < bytes - END.length()) {
        text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
      inputs[i] = text.append(END).toString().getBytes(StandardCharsets.US_ASCII);
    }
    return new Inputs(inputs);
  }

  /** Nobody may write to it. */
  byte[] at(long number) {
    return inputs[(int) Math.floorMod(number, (long) inputs.length)];
  }
}
