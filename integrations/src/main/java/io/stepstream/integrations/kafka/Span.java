package io.stepstream.integrations.kafka;

/**
 * What is still to be read of a partition.
 *
 * @param next the offset of the next record, if there is one with it
 * @param end the offset after the last record; {@link #OPEN}: whatever comes
 */
record Span(int partition, long next, long end) {

  static final long OPEN = Long.MAX_VALUE;

  boolean isOver() {
    return next >= end;
  }

  Span from(long offset) {
    return new Span(partition, Math.min(offset, end), end);
  }

  Span open() {
    return new Span(partition, next, OPEN);
  }
}
