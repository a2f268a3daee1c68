package io.stepstream.asl.items;

import dev.hardwood.internal.compression.DecompressorFactory;
import dev.hardwood.internal.metadata.PageHeader;
import dev.hardwood.internal.reader.Dictionary;
import dev.hardwood.internal.reader.Page;
import dev.hardwood.internal.reader.PageDecoder;
import dev.hardwood.internal.thrift.PageHeaderReader;
import dev.hardwood.internal.thrift.ThriftCompactReader;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.schema.ColumnSchema;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column in one row group, in their order, with their levels. One page of them is
 * decoded at a time, and its dictionary if it has one; not more than {@link #READ_AHEAD} bytes are
 * fetched before they are needed. Not thread safe.
 *
 * <p>Hardwood's own readers of rows and columns would fetch up to 128 MB of each column and decode
 * pages ahead on threads of their own. Therefore only its decoder of pages is used here.
 */
final class ParquetColumn {

  static final int READ_AHEAD = 1024 * 1024;

  /** Writers make pages of about a megabyte. */
  private static final int MOST_PAGE_BYTES = 64 * 1024 * 1024;

  /** A run of equal values takes a few bytes, however long it is. */
  private static final int MOST_PAGE_VALUES = 4 * 1024 * 1024;

  private static final int FIRST_HEADER_BYTES = 4096;
  private static final int MOST_HEADER_BYTES = 1024 * 1024;

  private final ParquetObject object;
  private final ColumnSchema schema;
  private final ColumnChunk chunk;
  private final ParquetMemory memory;
  private final DecompressorFactory codecs = new DecompressorFactory(null);
  private final long end;

  private byte[] window = new byte[0];
  private long windowStart;
  private long position;
  private long valuesLeft;
  private @Nullable Dictionary dictionary;
  private @Nullable Page page;
  private long held;
  private int at;

  ParquetColumn(
      ParquetObject object, ColumnSchema schema, ColumnChunk chunk, ParquetMemory memory) {
    this.object = object;
    this.schema = schema;
    this.chunk = chunk;
    this.memory = memory;
    this.position = chunk.chunkStartOffset();
    this.windowStart = position;
    this.end = position + chunk.metaData().totalCompressedSize();
    this.valuesLeft = chunk.metaData().numValues();
  }

  static ReadRefused corrupt(@Nullable String why) {
    return new ReadRefused("The Parquet file is corrupt or truncated: " + why + ".");
  }

  /** False: all values have been passed. */
  boolean hasNext() throws IOException {
    return current() != null;
  }

  /** The repetition level of the next value; after the last one 0, as if a row began. */
  int repetition() throws IOException {
    Page values = current();
    return values == null || values.repetitionLevels() == null ? 0 : values.repetitionLevels()[at];
  }

  /** The definition level of the next value. */
  int definition() throws IOException {
    Page values = given();
    return values.definitionLevels() == null
        ? schema.maxDefinitionLevel()
        : values.definitionLevels()[at];
  }

  /** The page in which the next value is, at {@link #index()}; it is defined. */
  Page given() throws IOException {
    Page values = current();
    if (values == null) {
      throw corrupt("column '%s' has fewer values than rows".formatted(schema.name()));
    }
    return values;
  }

  int index() {
    return at;
  }

  /** Passes over the next value. */
  void advance() {
    at++;
  }

  private @Nullable Page current() throws IOException {
    while (page == null || at >= page.size()) {
      page = null;
      at = 0;
      if (valuesLeft <= 0) {
        return null;
      }
      readPage();
    }
    return page;
  }

  private void readPage() throws IOException {
    Header header = header();
    int length = header.bytes + header.page.compressedPageSize();
    ByteBuffer whole = bytes(length);
    switch (header.page) {
      case PageHeader page when page.dictionaryPageHeader() != null -> {
        int count = page.dictionaryPageHeader().numValues();
        bound(page, count);
        memory.hold(weight(page, count));
        dictionary =
            decoded(
                () -> dictionary(page, count, whole.slice(header.bytes, length - header.bytes)));
      }
      case PageHeader page when page.dataPageHeader() != null ->
          readValues(page, page.dataPageHeader().numValues(), whole);
      case PageHeader page when page.dataPageHeaderV2() != null ->
          readValues(page, page.dataPageHeaderV2().numValues(), whole);
      default -> {} // an index page
    }
    position += length;
  }

  private Dictionary dictionary(PageHeader header, int count, ByteBuffer compressed)
      throws IOException {
    byte[] plain =
        codecs
            .getDecompressor(chunk.metaData().codec())
            .decompress(compressed, header.uncompressedPageSize());
    return Dictionary.parse(plain, count, schema.type(), schema.typeLength());
  }

  private void readValues(PageHeader header, int count, ByteBuffer whole) throws IOException {
    bound(header, count);
    memory.release(held);
    held = weight(header, count);
    memory.hold(held);
    valuesLeft -= count;
    page =
        decoded(
            () -> new PageDecoder(chunk.metaData(), schema, codecs).decodePage(whole, dictionary));
  }

  private static long weight(PageHeader page, int count) {
    return page.uncompressedPageSize() + 8L * count;
  }

  private void bound(PageHeader header, int count) throws IOException {
    if (count < 0 || header.uncompressedPageSize() < 0) {
      throw corrupt("a page of column '%s' has a negative size".formatted(schema.name()));
    }
    if (header.uncompressedPageSize() > MOST_PAGE_BYTES || count > MOST_PAGE_VALUES) {
      throw new ReadRefused(
          "A page of column '%s' in the Parquet file has %d bytes and %d values; it may have at most %d and %d."
              .formatted(
                  schema.name(),
                  header.uncompressedPageSize(),
                  count,
                  MOST_PAGE_BYTES,
                  MOST_PAGE_VALUES));
    }
  }

  private record Header(PageHeader page, int bytes) {}

  private Header header() throws IOException {
    int left = (int) Math.min(end - position, MOST_HEADER_BYTES);
    for (int length = Math.min(FIRST_HEADER_BYTES, left); ; length = Math.min(4 * length, left)) {
      ThriftCompactReader reader = new ThriftCompactReader(bytes(length));
      try {
        PageHeader header = PageHeaderReader.read(reader);
        int size = header.compressedPageSize();
        if (size < 0 || size > MOST_PAGE_BYTES || size > end - position - reader.getBytesRead()) {
          throw corrupt("a page of column '%s' has %d bytes".formatted(schema.name(), size));
        }
        return new Header(header, reader.getBytesRead());
      } catch (EOFException e) {
        // Statistics in it may be longer than what was looked at.
        if (length == left) {
          throw corrupt("column '%s' ends within a page".formatted(schema.name()));
        }
      } catch (ReadRefused e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        throw corrupt("column '%s': %s".formatted(schema.name(), e.getMessage()));
      }
    }
  }

  /** The bytes from the position on; what of them was fetched before is not fetched again. */
  private ByteBuffer bytes(int length) throws IOException {
    int kept = Math.clamp(windowStart + window.length - position, 0, window.length);
    if (kept < length) {
      long from = position + kept;
      byte[] more =
          object.range(from, (int) Math.min(Math.max(length - kept, READ_AHEAD), end - from));
      byte[] joined = new byte[kept + more.length];
      System.arraycopy(window, window.length - kept, joined, 0, kept);
      System.arraycopy(more, 0, joined, kept, more.length);
      window = joined;
      windowStart = position;
    }
    return ByteBuffer.wrap(window, (int) (position - windowStart), length).slice();
  }

  /** Works on bytes in memory: whatever it throws would be thrown again. */
  private interface Decoding<T> {
    T decode() throws IOException;
  }

  private <T> T decoded(Decoding<T> decoding) throws IOException {
    try {
      return decoding.decode();
    } catch (UnsupportedOperationException | LinkageError e) {
      // The codec's library is missing, or is not of a version that Hardwood can call.
      throw new ReadRefused(
          "Column '%s' of the Parquet file, compressed by %s, cannot be read: %s"
              .formatted(schema.name(), chunk.metaData().codec(), e.getMessage()));
    } catch (IOException | RuntimeException e) {
      throw corrupt("column '%s': %s".formatted(schema.name(), e.getMessage()));
    }
  }
}
