package io.stepstream.asl.items;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.xerial.snappy.Snappy;

/**
 * Parquet files in memory, written by Parquet's own library. Its codecs would start Hadoop; these
 * are the plain ones.
 */
final class ParquetFiles {

  private final MessageType schema;
  private CompressionCodecName codec = CompressionCodecName.UNCOMPRESSED;
  private WriterVersion version = WriterVersion.PARQUET_1_0;
  private boolean dictionary = true;
  private int rowGroupRows = Integer.MAX_VALUE;
  private int pageBytes = ParquetWriter.DEFAULT_PAGE_SIZE;

  private ParquetFiles(MessageType schema) {
    this.schema = schema;
  }

  static ParquetFiles of(String schema) {
    return new ParquetFiles(MessageTypeParser.parseMessageType(schema));
  }

  ParquetFiles codec(CompressionCodecName name) {
    codec = name;
    return this;
  }

  ParquetFiles version(WriterVersion writer) {
    version = writer;
    return this;
  }

  ParquetFiles dictionary(boolean enabled) {
    dictionary = enabled;
    return this;
  }

  ParquetFiles rowGroupRows(int rows) {
    rowGroupRows = rows;
    return this;
  }

  ParquetFiles pageBytes(int bytes) {
    pageBytes = bytes;
    return this;
  }

  /** One row for each filler. */
  byte[] rows(List<Consumer<Group>> fillers) throws IOException {
    return write(
        writer -> {
          for (Consumer<Group> filler : fillers) {
            Group row = new SimpleGroup(schema);
            filler.accept(row);
            writer.write(row);
          }
        });
  }

  interface RowFiller {
    void fill(Group row, int index);
  }

  byte[] rows(int count, RowFiller filler) throws IOException {
    return write(
        writer -> {
          for (int i = 0; i < count; i++) {
            Group row = new SimpleGroup(schema);
            filler.fill(row, i);
            writer.write(row);
          }
        });
  }

  private interface Writing {
    void write(ParquetWriter<Group> writer) throws IOException;
  }

  private byte[] write(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new Memory(bytes))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCodecFactory(new Codecs())
            .withCompressionCodec(codec)
            .withWriterVersion(version)
            .withDictionaryEncoding(dictionary)
            .withRowGroupRowCountLimit(rowGroupRows)
            .withMinRowCountForPageSizeCheck(10)
            .withPageSize(pageBytes)
            .build()) {
      writing.write(writer);
    }
    return bytes.toByteArray();
  }

  private record Memory(ByteArrayOutputStream bytes) implements OutputFile {

    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return bytes.size();
        }

        @Override
        public void write(int b) {
          bytes.write(b);
        }

        @Override
        public void write(byte[] data, int offset, int length) {
          bytes.write(data, offset, length);
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }

  private static final class Codecs implements CompressionCodecFactory {

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName name) {
      return new BytesInputCompressor() {
        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
          ByteArrayOutputStream copy = new ByteArrayOutputStream();
          bytes.writeAllTo(copy);
          byte[] plain = copy.toByteArray();
          return switch (name) {
            case SNAPPY -> BytesInput.from(Snappy.compress(plain));
            case ZSTD -> BytesInput.from(Zstd.compress(plain));
            case GZIP -> {
              ByteArrayOutputStream zipped = new ByteArrayOutputStream();
              try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
                zip.write(plain);
              }
              yield BytesInput.from(zipped.toByteArray());
            }
            // A reader without the codec must not look at what the bytes are.
            case UNCOMPRESSED, LZO, BROTLI, LZ4, LZ4_RAW -> BytesInput.from(plain);
          };
        }

        @Override
        public CompressionCodecName getCodecName() {
          return name;
        }

        @Override
        public void release() {}
      };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
      throw new UnsupportedOperationException("nothing is read");
    }

    @Override
    public void release() {}
  }
}
