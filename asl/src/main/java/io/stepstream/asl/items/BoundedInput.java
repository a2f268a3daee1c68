package io.stepstream.asl.items;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Refuses to read on when one item takes more bytes than any item may have: a file without a line
 * break, or with one huge element, would otherwise fill the heap.
 */
final class BoundedInput extends FilterInputStream {

  /** Twice the largest payload, and room for what parsers read ahead. */
  static final long MOST = 2 * 262_144 + 64 * 1024;

  /** What comes before the first item may be of any length. */
  private long left = Long.MAX_VALUE;

  BoundedInput(InputStream in) {
    super(in);
  }

  /** What is read from here on belongs to another item. */
  void nextItem() {
    left = MOST;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    took(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    took(Math.max(0, read));
    return read;
  }

  private void took(int bytes) throws IOException {
    left -= bytes;
    if (left < 0) {
      throw tooLarge();
    }
  }

  static ReadRefused tooLarge() {
    return new ReadRefused("An item exceeds the maximum number of bytes service limit.");
  }
}
