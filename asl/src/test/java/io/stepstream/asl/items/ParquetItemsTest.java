package io.stepstream.asl.items;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import io.stepstream.asl.simulation.SimulatedObjects;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParquetItemsTest {

  private static final Map<String, Object> FILE = Map.of("Bucket", "b", "Key", "file.parquet");
  private static final ReaderConfig PARQUET =
      new ReaderConfig("PARQUET", null, null, null, null, null, null);

  private static final String ROW = "message m { required int32 id; optional binary name (UTF8); }";

  private final SimulatedObjects objects = new SimulatedObjects().bucket("b");

  private String all(byte[] file) throws IOException {
    objects.put("b", "file.parquet", file);
    ItemCursor cursor =
        new ItemCursor(objects, new ItemSource(ItemSource.Action.GET_OBJECT, FILE, PARQUET, 0));
    return new String(cursor.read(0, 100_000, 250_000).items(), UTF_8);
  }

  @Test
  void shouldReadEveryTypeOfColumn() throws IOException {
    byte[] file =
        ParquetFiles.of(
                """
                message m {
                  required boolean bool;
                  required int32 int;
                  required int64 long;
                  required float float;
                  required double double;
                  required binary text (UTF8);
                  required binary kind (ENUM);
                  required binary json (JSON);
                  required binary raw;
                  required int32 tiny (INTEGER(8,true));
                  required int32 unsigned (INTEGER(32,false));
                  required int64 vast (INTEGER(64,false));
                  required int32 price (DECIMAL(9,2));
                  required int64 amount (DECIMAL(18,3));
                  required fixed_len_byte_array(16) exact (DECIMAL(38,10));
                  required binary loose (DECIMAL(20,1));
                  required int32 day (DATE);
                  required int32 milliTime (TIME(MILLIS,true));
                  required int64 microTime (TIME(MICROS,true));
                  required int64 milli (TIMESTAMP(MILLIS,true));
                  required int64 micro (TIMESTAMP(MICROS,true));
                  required int64 nano (TIMESTAMP(NANOS,true));
                  required int64 local (TIMESTAMP(MILLIS,false));
                  required int96 hive;
                  required fixed_len_byte_array(16) uuid (UUID);
                  required fixed_len_byte_array(2) half (FLOAT16);
                }\
                """)
            .rows(
                1,
                (row, _) ->
                    row.append("bool", true)
                        .append("int", -7)
                        .append("long", Long.MIN_VALUE)
                        .append("float", 0.1f)
                        .append("double", 1e300)
                        .append("text", "grüß \"dich\"")
                        .append("kind", "RED")
                        .append("json", "{\"a\":1}")
                        .append("raw", Binary.fromConstantByteArray(new byte[] {0, -1, 16}))
                        .append("tiny", -3)
                        .append("unsigned", -1)
                        .append("vast", -1L)
                        .append("price", -1234)
                        .append("amount", 5L)
                        .append("exact", fixed(new BigInteger("-12345678901234567890"), 16))
                        .append("loose", Binary.fromConstantByteArray(new byte[] {1, 0}))
                        .append("day", 19_782)
                        .append("milliTime", 3_723_004)
                        .append("microTime", 3_723_000_004L)
                        .append("milli", 1_709_210_096_789L)
                        .append("micro", -1L)
                        .append("nano", 1_709_210_096_000_000_001L)
                        .append("local", 1_709_210_096_000L)
                        .append("hive", new NanoTime(2_440_589, 1_000_000_000L))
                        .append(
                            "uuid",
                            Binary.fromConstantByteArray(
                                ByteBuffer.allocate(16).putLong(1).putLong(2).array()))
                        .append("half", Binary.fromConstantByteArray(new byte[] {0x00, 0x3e})));

    assertThat(all(file))
        .isEqualTo(
            """
            [{"bool":true,"int":-7,"long":-9223372036854775808,"float":0.1,"double":1.0E300,\
            "text":"grüß \\"dich\\"","kind":"RED","json":"{\\"a\\":1}","raw":"AP8Q",\
            "tiny":-3,"unsigned":4294967295,"vast":18446744073709551615,\
            "price":-12.34,"amount":0.005,"exact":-1234567890.1234567890,"loose":25.6,\
            "day":"2024-02-29","milliTime":"01:02:03.004","microTime":"01:02:03.000004",\
            "milli":"2024-02-29T12:34:56.789Z","micro":"1969-12-31T23:59:59.999999Z",\
            "nano":"2024-02-29T12:34:56.000000001Z","local":"2024-02-29T12:34:56",\
            "hive":"1970-01-02T00:00:01Z","uuid":"00000000-0000-0001-0000-000000000002",\
            "half":1.5}]\
            """);
  }

  private static Binary fixed(BigInteger number, int length) {
    byte[] bytes = new byte[length];
    byte[] digits = number.toByteArray();
    Arrays.fill(bytes, (byte) (number.signum() < 0 ? -1 : 0));
    System.arraycopy(digits, 0, bytes, length - digits.length, digits.length);
    return Binary.fromConstantByteArray(bytes);
  }

  @Test
  void shouldPutNestedRowsTogether() throws IOException {
    byte[] file =
        ParquetFiles.of(
                """
                message m {
                  required int32 id;
                  optional group address { optional binary city (UTF8); optional int32 zip; }
                  optional group tags (LIST) { repeated group list { optional binary element (UTF8); } }
                  optional group grid (LIST) {
                    repeated group list {
                      optional group element (LIST) { repeated group list { required int32 element; } }
                    }
                  }
                  optional group scores (MAP) {
                    repeated group key_value { required binary key (UTF8); optional double value; }
                  }
                  optional group byNumber (MAP) {
                    repeated group key_value {
                      required int32 key;
                      optional group value (LIST) { repeated group list { optional int32 element; } }
                    }
                  }
                  repeated int32 bare;
                  repeated group points { required int32 x; optional int32 y; }
                  optional group old (LIST) { repeated int32 array; }
                }\
                """)
            .rows(
                List.of(
                    row -> row.append("id", 1),
                    row -> {
                      row.append("id", 2);
                      row.addGroup("address").append("city", "Ulm");
                      Group tags = row.addGroup("tags");
                      tags.addGroup("list").append("element", "a");
                      tags.addGroup("list");
                      Group grid = row.addGroup("grid");
                      Group first = grid.addGroup("list").addGroup("element");
                      first.addGroup("list").append("element", 1);
                      first.addGroup("list").append("element", 2);
                      grid.addGroup("list");
                      grid.addGroup("list").addGroup("element");
                      Group scores = row.addGroup("scores");
                      scores.addGroup("key_value").append("key", "x").append("value", 0.5);
                      scores.addGroup("key_value").append("key", "y");
                      Group byNumber = row.addGroup("byNumber").addGroup("key_value");
                      byNumber.append("key", 7).addGroup("value").addGroup("list");
                      row.append("bare", 8).append("bare", 9);
                      row.addGroup("points").append("x", 1).append("y", 2);
                      row.addGroup("points").append("x", 3);
                      row.addGroup("old").append("array", 4).append("array", 5);
                    },
                    row -> {
                      row.append("id", 3);
                      row.addGroup("address");
                      row.addGroup("tags");
                      row.addGroup("scores");
                    }));

    assertThat(all(file))
        .isEqualTo(
            """
            [{"id":1,"address":null,"tags":null,"grid":null,"scores":null,"byNumber":null,\
            "bare":[],"points":[],"old":null},\
            {"id":2,"address":{"city":"Ulm","zip":null},"tags":["a",null],\
            "grid":[[1,2],null,[]],"scores":{"x":0.5,"y":null},"byNumber":{"7":[null]},\
            "bare":[8,9],"points":[{"x":1,"y":2},{"x":3,"y":null}],"old":[4,5]},\
            {"id":3,"address":{"city":null,"zip":null},"tags":[],"grid":null,"scores":{},\
            "byNumber":null,"bare":[],"points":[],"old":null}]\
            """);
  }

  @Test
  void shouldReadEveryEncodingAndCodecOverPagesAndRowGroups() throws IOException {
    for (CompressionCodecName codec :
        List.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD)) {
      for (WriterVersion version : WriterVersion.values()) {
        for (boolean dictionary : List.of(true, false)) {
          byte[] file =
              ParquetFiles.of(
                      """
                      message m {
                        required int32 id;
                        optional binary name (UTF8);
                        optional group tags (LIST) { repeated group list { required int64 element; } }
                      }\
                      """)
                  .codec(codec)
                  .version(version)
                  .dictionary(dictionary)
                  .rowGroupRows(1_000)
                  .pageBytes(1_000)
                  .rows(
                      3_000,
                      (row, i) -> {
                        row.append("id", i);
                        if (i % 3 != 0) {
                          row.append("name", "name " + i % 50);
                        }
                        Group tags = row.addGroup("tags");
                        for (long tag = 0; tag < i % 4; tag++) {
                          tags.addGroup("list").append("element", tag);
                        }
                      });
          assertThat(ParquetFooter.read(object(file)).rowGroups()).hasSize(3);

          StringBuilder expected = new StringBuilder("[");
          for (int i = 0; i < 3_000; i++) {
            expected
                .append(i == 0 ? "{\"id\":" : ",{\"id\":")
                .append(i)
                .append(",\"name\":")
                .append(i % 3 == 0 ? "null" : "\"name " + i % 50 + "\"")
                .append(",\"tags\":[")
                .append("0,1,2,".substring(0, Math.max(0, i % 4 * 2 - 1)))
                .append("]}");
          }
          assertThat(all(file))
              .as("%s %s %s", codec, version, dictionary)
              .isEqualTo(expected.append("]").toString());
        }
      }
    }
  }

  private ParquetObject object(byte[] file) {
    objects.put("b", "file.parquet", file);
    return new ParquetObject(objects, FILE);
  }

  @Test
  void shouldNameACodecThatItLacks() throws IOException {
    for (CompressionCodecName codec :
        List.of(CompressionCodecName.LZO, CompressionCodecName.BROTLI)) {
      byte[] file = ParquetFiles.of(ROW).codec(codec).rows(1, (row, i) -> row.append("id", i));

      assertThatThrownBy(() -> all(file))
          .isInstanceOf(ReadRefused.class)
          .hasMessageContaining(codec.name());
    }
  }

  @Test
  void shouldTellAFileWithoutRows() throws IOException {
    assertThat(all(ParquetFiles.of(ROW).rows(List.of()))).isEqualTo("[]");
  }

  @Test
  void shouldRefuseWhatIsNoParquet() {
    for (byte[] file :
        List.of(
            new byte[0],
            "PAR1".getBytes(UTF_8),
            "a,b\n1,2\n3,4\n5,6\n".getBytes(UTF_8),
            "PAR1 and then nothing but text".getBytes(UTF_8),
            "PAR1xxxx\u0004\u0000\u0000\u0000PAR1".getBytes(UTF_8),
            "PAR1xxxx\uffff\u0000PAR1".getBytes(UTF_8))) {
      assertThatThrownBy(() -> all(file))
          .as(new String(file, UTF_8))
          .isInstanceOf(ReadRefused.class)
          .hasMessageContaining("Parquet file");
    }
  }

  @Test
  void shouldRefuseATruncatedFile() throws IOException {
    byte[] file = ParquetFiles.of(ROW).rows(100, (row, i) -> row.append("id", i));
    for (int length = 0; length < file.length; length++) {
      byte[] part = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> all(part)).isInstanceOf(ReadRefused.class);
    }
  }

  /** Any byte may be another one: what comes is a refusal or rows, never anything else. */
  @Test
  void shouldRefuseOrReadACorruptFile() throws IOException {
    byte[] file =
        ParquetFiles.of(
                """
                message m {
                  optional binary name (UTF8);
                  repeated group list { required int64 element (TIMESTAMP(MILLIS,true)); }
                }\
                """)
            .codec(CompressionCodecName.SNAPPY)
            .rows(
                50,
                (row, i) -> {
                  row.append("name", "n" + i % 7);
                  row.addGroup("list").append("element", (long) i);
                });
    long seed = Long.getLong("stepstream.test.seed", 17);
    Random random = new Random(seed);
    int refused = 0;
    for (int at = 4; at < file.length; at++) {
      byte[] corrupt = file.clone();
      corrupt[at] ^= (byte) (1 + random.nextInt(255));
      try {
        all(corrupt);
      } catch (ReadRefused e) {
        assertThat(e.getMessage()).as("byte %d, seed %d", at, seed).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(file.length / 3);
  }

  @Test
  void shouldFetchNoMoreThanAPageOfEachColumnAhead() throws IOException {
    byte[] file =
        ParquetFiles.of("message m { required int64 id; required binary text (UTF8); }")
            .dictionary(false)
            .rowGroupRows(25_000)
            .rows(
                60_000,
                (row, i) ->
                    row.append("id", (long) i).append("text", "%010d".formatted(i).repeat(50)));
    assertThat(file.length).isGreaterThan(30_000_000);
    objects.put("b", "file.parquet", file);
    Counting counting = new Counting(objects);
    ItemCursor cursor =
        new ItemCursor(counting, new ItemSource(ItemSource.Action.GET_OBJECT, FILE, PARQUET, 0));

    cursor.read(0, 100, 250_000);
    assertThat(counting.read).as("for the first page").isLessThan(4_000_000);

    long position = 100;
    ItemCursor.Page page;
    do {
      page = cursor.read(position, 1000, 250_000);
      position += page.count();
      assertThat(counting.read).isLessThan(position * 508 * 11 / 10 + 4_000_000);
    } while (!page.last());

    assertThat(position).isEqualTo(60_000);
    assertThat(counting.largest).isLessThan(2 * ParquetColumn.READ_AHEAD);
    assertThat(counting.read).as("every byte is fetched once").isLessThan(file.length + 200_000L);
  }

  @Test
  void shouldRefuseARowThatNoItemCanBe() throws IOException {
    byte[] file =
        ParquetFiles.of("message m { repeated int32 number; }")
            .rows(
                1,
                (row, _) -> {
                  for (int i = 0; i < 1_000_000; i++) {
                    row.append("number", i);
                  }
                });

    assertThatThrownBy(() -> all(file))
        .isInstanceOf(ReadRefused.class)
        .hasMessage("An item exceeds the maximum number of bytes service limit.");
  }

  @Test
  void shouldReadTheParquetFilesOfAManifestAndOfAListing() throws IOException {
    objects.put("b", "in/1", ParquetFiles.of(ROW).rows(2, (row, i) -> row.append("id", i)));
    objects.put("b", "in/2", ParquetFiles.of(ROW).rows(1, (row, _) -> row.append("id", 9)));
    objects.put("b", "manifest", "s3://b/in/1\ns3://b/in/2\n".getBytes(UTF_8));
    String items = "[{\"id\":0,\"name\":null},{\"id\":1,\"name\":null},{\"id\":9,\"name\":null}]";

    assertThat(
            items(
                new ItemSource(
                    ItemSource.Action.LIST_OBJECTS,
                    Map.of("Bucket", "b", "Prefix", "in/"),
                    new ReaderConfig("PARQUET", "LOAD_AND_FLATTEN", null, null, null, null, null),
                    0)))
        .isEqualTo(items);
    assertThat(
            items(
                new ItemSource(
                    ItemSource.Action.GET_OBJECT,
                    Map.of("Bucket", "b", "Key", "manifest"),
                    new ReaderConfig("PARQUET", null, "ATHENA_DATA", null, null, null, null),
                    0)))
        .isEqualTo(items);
  }

  private String items(ItemSource source) throws IOException {
    return new String(new ItemCursor(objects, source).read(0, 10, 10_000).items(), UTF_8);
  }

  /** Counts what is fetched. */
  private static final class Counting implements ObjectStore {

    private final ObjectStore store;
    private long read;
    private int largest;

    Counting(ObjectStore store) {
      this.store = store;
    }

    @Override
    public long size(Map<String, Object> arguments) throws IOException {
      return store.size(arguments);
    }

    @Override
    public byte[] range(Map<String, Object> arguments, long from, int length) throws IOException {
      read += length;
      largest = Math.max(largest, length);
      return store.range(arguments, from, length);
    }

    @Override
    public InputStream open(Map<String, Object> arguments) {
      throw new AssertionError("the whole object is asked for");
    }

    @Override
    public Listing list(Map<String, Object> arguments, @Nullable String continuation) {
      throw new AssertionError("nothing is listed");
    }

    @Override
    public void put(Map<String, Object> arguments, byte[] body) {
      throw new AssertionError("nothing is written");
    }
  }
}
