package io.stepstream.asl.items;

/** Counts what the decoded pages of one file take, all columns together. Not thread safe. */
final class ParquetMemory {

  /** Some hundred columns with a page and a dictionary of a megabyte each. */
  private static final long MOST_BYTES = 256L * 1024 * 1024;

  private long held;

  void hold(long bytes) throws ReadRefused {
    held += bytes;
    if (held > MOST_BYTES) {
      throw new ReadRefused(
          "The pages of the Parquet file's columns take more than %d bytes at a time."
              .formatted(MOST_BYTES));
    }
  }

  void release(long bytes) {
    held -= bytes;
  }
}
