package io.stepstream.asl.items;

import dev.hardwood.InputFile;
import dev.hardwood.internal.reader.ParquetMetadataReader;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.FileMetaData;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.schema.FileSchema;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What is at the end of a Parquet file: where everything is. */
record ParquetFooter(FileSchema schema, List<RowGroup> rowGroups) {

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  /** Its length, and the magic number. */
  private static final int END = 8;

  /** AWS's bound. */
  private static final int MOST_BYTES = 5 * 1024 * 1024;

  /** Holds the whole footer of most files, so that one request is enough. */
  private static final int FIRST_READ = 64 * 1024;

  static ParquetFooter read(ParquetObject object) throws IOException {
    long size = object.size();
    if (size < MAGIC.length + END) {
      throw new ReadRefused("The file is not a Parquet file: it has %d bytes.".formatted(size));
    }
    int known = (int) Math.min(size, FIRST_READ);
    byte[] tail = object.range(size - known, known);
    byte[] magic = Arrays.copyOfRange(tail, known - MAGIC.length, known);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new ReadRefused(
          "PARE".equals(new String(magic, StandardCharsets.US_ASCII))
              ? "Encrypted Parquet files are not supported."
              : "The file is not a Parquet file, or it is truncated.");
    }
    int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt(known - END);
    if (length < 0 || length > size - END - MAGIC.length) {
      throw ParquetColumn.corrupt("its footer's length is " + length);
    }
    if (length > MOST_BYTES) {
      throw new ReadRefused(
          "The footer of the Parquet file has %d bytes; it may have at most %d."
              .formatted(length, MOST_BYTES));
    }
    if (length + END > known) {
      tail = object.range(size - END - length, length + END);
    }
    return parse(new Tail(size, tail));
  }

  private static ParquetFooter parse(Tail tail) throws IOException {
    try {
      FileMetaData metadata = ParquetMetadataReader.readMetadata(tail);
      FileSchema schema = FileSchema.fromSchemaElements(metadata.schema());
      for (RowGroup group : metadata.rowGroups()) {
        if (group.columns().size() != schema.getColumnCount() || group.numRows() < 0) {
          throw new EOFException("a row group has not all columns");
        }
        for (ColumnChunk chunk : group.columns()) {
          long length = chunk.metaData().totalCompressedSize();
          if (chunk.chunkStartOffset() < 0
              || length < 0
              || length > tail.size
              || chunk.chunkStartOffset() > tail.size - length) {
            throw new EOFException("a column is beyond its end");
          }
        }
      }
      return new ParquetFooter(schema, metadata.rowGroups());
    } catch (IOException | RuntimeException e) {
      // Nothing was fetched here, so it would be the same next time.
      throw ParquetColumn.corrupt(e.getMessage());
    }
  }

  /**
   * The file as far as its footer needs it. The magic number at its beginning is taken for granted:
   * a request for it would tell nothing that the pages don't.
   */
  private record Tail(long size, byte[] bytes) implements InputFile {

    @Override
    public void open() {}

    @Override
    public ByteBuffer readRange(long from, int length) throws IOException {
      if (from == 0 && length == MAGIC.length) {
        return ByteBuffer.wrap(MAGIC.clone());
      }
      long start = from - (size - bytes.length);
      if (start < 0 || length < 0 || start > bytes.length - length) {
        throw new EOFException("the footer leads beyond itself");
      }
      return ByteBuffer.wrap(bytes, (int) start, length).slice();
    }

    @Override
    public long length() {
      return size;
    }

    @Override
    public String name() {
      return "object";
    }

    @Override
    public void close() {}
  }
}
