package io.stepstream.integrations.http;

import java.net.InetAddress;

/** A block of addresses, {@code 10.0.0.0/8} or {@code fc00::/7}. */
record Network(InetAddress first, int prefix) {

  /**
   * @throws IllegalArgumentException the text is no such block
   */
  static Network parse(String text) {
    String[] parts = text.strip().split("/", -1);
    try {
      InetAddress first = InetAddress.ofLiteral(parts[0]);
      int bits = first.getAddress().length * Byte.SIZE;
      int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
      if (parts.length <= 2 && prefix >= 0 && prefix <= bits) {
        return new Network(first, prefix);
      }
    } catch (IllegalArgumentException _) {
      // said below
    }
    throw new IllegalArgumentException(
        "'%s' is no block of addresses; write them as 10.0.0.0/8 or fc00::/7.".formatted(text));
  }

  boolean contains(InetAddress address) {
    byte[] mine = first.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> bit % Byte.SIZE;
      if ((mine[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
        return false;
      }
    }
    return true;
  }
}
