package io.stepstream.asl.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.simulation.SimulatedObjects;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ItemCursorTest {

  private static final Map<String, Object> FILE = Map.of("Bucket", "b", "Key", "file");

  private final SimulatedObjects objects = new SimulatedObjects().bucket("b");

  private static ReaderConfig type(@Nullable String inputType) {
    return new ReaderConfig(inputType, null, null, null, null, null, null);
  }

  private static ReaderConfig csv(@Nullable String delimiter, @Nullable List<String> headers) {
    return new ReaderConfig("CSV", null, null, delimiter, headers, null, null);
  }

  private void file(String body) {
    objects.put("b", "file", body.getBytes(StandardCharsets.UTF_8));
  }

  private ItemCursor cursor(ReaderConfig config) {
    return new ItemCursor(objects, new ItemSource(ItemSource.Action.GET_OBJECT, FILE, config, 0));
  }

  private String all(ReaderConfig config) throws IOException {
    return text(cursor(config).read(0, 1000, 1_000_000));
  }

  private static String text(ItemCursor.Page page) {
    return new String(page.items(), StandardCharsets.UTF_8);
  }

  private static Object json(String text) {
    return switch (Json.decode(text)) {
      case Decoded.Tree(Object json) -> json;
      case Decoded.Malformed malformed -> throw new AssertionError(malformed.message());
    };
  }

  @Test
  void shouldReadRowsByTheirHeaders() throws IOException {
    file("a,b\n1,2\n3\n4,5,6\n\n   \n");

    assertThat(json(all(csv(null, null))))
        .isEqualTo(
            json(
                """
                [{"a":"1","b":"2"},{"a":"3","b":""},{"a":"4","b":"5"},{"a":"   ","b":""}]\
                """));
  }

  @Test
  void shouldTakeEverythingInQuotationMarksIntoTheCell() throws IOException {
    file("\uFEFFa|b\r\n\"x|y\"|\"say \"\"hi\"\"\r\nthere\"\r\n");

    assertThat(json(all(csv("PIPE", null))))
        .isEqualTo(List.of(Map.of("a", "x|y", "b", "say \"hi\"\r\nthere")));
  }

  @Test
  void shouldTakeTheFirstRowForDataWhenHeadersAreGiven() throws IOException {
    file("1;2\n");

    assertThat(json(all(csv("SEMICOLON", List.of("x", "y")))))
        .isEqualTo(List.of(Map.of("x", "1", "y", "2")));
  }

  @Test
  void shouldRefuseHeadersThatAreNotUnique() {
    file("a,a\n1,2\n");

    assertThatThrownBy(() -> all(csv(null, null)))
        .isInstanceOf(ReadRefused.class)
        .hasMessage("CSV headers cannot contain duplicates.");
  }

  @Test
  void shouldReadElementsWhereTheyAre() throws IOException {
    file("{\"x\":[0],\"a/b\":{\"l\":[7,[1,{\"k\":null}],\"s\"]}}");

    ReaderConfig at = new ReaderConfig("JSON", null, null, null, null, "/a~1b/l", null);
    assertThat(all(at)).isEqualTo("[7,[1,{\"k\":null}],\"s\"]");
    ReaderConfig inner = new ReaderConfig("JSON", null, null, null, null, "/a~1b/l/1", null);
    assertThat(all(inner)).isEqualTo("[1,{\"k\":null}]");
  }

  @Test
  void shouldRefuseWhatIsNoArray() {
    file("{\"Hello\":\"world\"}");

    assertThatThrownBy(() -> all(type("JSON")))
        .isInstanceOf(ReadRefused.class)
        .hasMessage("Attempting to map over non-iterable node.");
    ReaderConfig nowhere = new ReaderConfig("JSON", null, null, null, null, "/a/b", null);
    assertThatThrownBy(() -> all(nowhere)).isInstanceOf(ReadRefused.class);
  }

  @Test
  void shouldRefuseWhatIsNoJson() {
    file("[1,oops");
    assertThatThrownBy(() -> all(type("JSON"))).isInstanceOf(ReadRefused.class);

    file("{\"a\":1}\n{\n");
    assertThatThrownBy(() -> all(type("JSONL")))
        .isInstanceOf(ReadRefused.class)
        .hasMessageContaining("Line 2");
  }

  @Test
  void shouldReadLines() throws IOException {
    file("{\"a\":1}\n\n[2]\r\n3");

    assertThat(all(type("JSONL"))).isEqualTo("[{\"a\":1},[2],3]");
  }

  @Test
  void shouldReadPageByPageAndGoOnAnywhere() throws IOException {
    file("[10,11,12,13,14]");
    ItemCursor cursor = cursor(type("JSON"));

    ItemCursor.Page first = cursor.read(0, 2, 1000);
    ItemCursor.Page second = cursor.read(2, 2, 1000);
    ItemCursor.Page last = cursor.read(4, 2, 1000);

    assertThat(text(first)).isEqualTo("[10,11]");
    assertThat(first.last()).isFalse();
    assertThat(text(second)).isEqualTo("[12,13]");
    assertThat(text(last)).isEqualTo("[14]");
    assertThat(last.last()).isTrue();
    // as after a restart
    assertThat(text(cursor(type("JSON")).read(3, 2, 1000))).isEqualTo("[13,14]");
    assertThat(text(cursor.read(1, 1, 1000))).isEqualTo("[11]");
  }

  @Test
  void shouldEndAPageByItsBytesButNotBeforeItsFirstItem() throws IOException {
    file("[\"" + "x".repeat(100) + "\",\"" + "y".repeat(100) + "\"]");

    ItemCursor.Page page = cursor(type("JSON")).read(0, 100, 10);

    assertThat(page.count()).isEqualTo(1);
    assertThat(page.last()).isFalse();
  }

  @Test
  void shouldEndAPageBeforeItExceedsItsBytes() throws IOException {
    file("[\"aaaa\",\"bbbb\",\"cccc\"]");
    ItemCursor cursor = cursor(type("JSON"));

    assertThat(text(cursor.read(0, 100, 14))).isEqualTo("[\"aaaa\"]");
    assertThat(text(cursor.read(1, 100, 15))).isEqualTo("[\"bbbb\",\"cccc\"]");
  }

  @Test
  void shouldRefuseAnItemThatNoAnswerCanHold() throws IOException {
    file("[1,\"" + "x".repeat(262_144) + "\"]");
    ItemCursor cursor = cursor(type("JSON"));

    assertThat(text(cursor.read(0, 100, 1000))).isEqualTo("[1]");
    assertThatThrownBy(() -> cursor.read(1, 100, 1000))
        .isInstanceOf(ReadRefused.class)
        .hasMessage("The item at index 1 exceeds the maximum number of bytes service limit.");
  }

  @Test
  void shouldFillAPageUpToWhatATaskMayAnswer() throws IOException {
    file("[" + ("\"" + "x".repeat(1000) + "\",").repeat(400) + "0]");

    ItemCursor.Page page = cursor(type("JSON")).read(0, 1000, ItemPage.MOST_BYTES);

    assertThat(new ItemPage(Long.MAX_VALUE, page.items(), false).encode().length)
        .isBetween(260_000, 262_144);
  }

  @Test
  void shouldReadNoMoreThanTheItemsAskedFor() throws IOException {
    file("[1,2,3,4]");
    ItemCursor two =
        new ItemCursor(
            objects, new ItemSource(ItemSource.Action.GET_OBJECT, FILE, type("JSON"), 2));

    ItemCursor.Page page = two.read(0, 100, 1000);

    assertThat(text(page)).isEqualTo("[1,2]");
    assertThat(page.last()).isTrue();
  }

  @Test
  void shouldTellAnEmptySource() throws IOException {
    file("[]");
    ItemCursor.Page page = cursor(type("JSON")).read(0, 10, 1000);
    assertThat(text(page)).isEqualTo("[]");
    assertThat(page.last()).isTrue();

    file("a,b\n");
    assertThat(all(csv(null, null))).isEqualTo("[]");
  }

  @Test
  void shouldTellWhatS3Refuses() {
    assertThatThrownBy(() -> all(type("JSON")))
        .isInstanceOf(ReadRefused.class)
        .hasMessage("The specified key does not exist.");
  }

  @Test
  void shouldListABucketOverItsPages() throws IOException {
    for (int i = 0; i < 2500; i++) {
      objects.put("b", "in/%04d".formatted(i), new byte[i % 7]);
    }
    objects.put("b", "other", new byte[1]);
    ItemCursor listed =
        new ItemCursor(
            objects,
            new ItemSource(
                ItemSource.Action.LIST_OBJECTS,
                Map.of("Bucket", "b", "Prefix", "in/"),
                ReaderConfig.NONE,
                0));

    List<?> items = (List<?>) json(text(listed.read(0, 10_000, 10_000_000)));

    assertThat(items).hasSize(2500);
    assertThat(((Map<?, ?>) items.getLast()).get("Key")).isEqualTo("in/2499");
    assertThat(((Map<?, ?>) items.getFirst()).keySet())
        .isEqualTo(Set.of("Etag", "LastModified", "Key", "Size", "StorageClass"));
  }

  @Test
  void shouldReadTheItemsOfAllListedObjects() throws IOException {
    objects.put("b", "l/1", "{\"a\":1}\n{\"a\":2}".getBytes(StandardCharsets.UTF_8));
    objects.put("b", "l/2", "{\"a\":3}".getBytes(StandardCharsets.UTF_8));
    ReaderConfig flat = new ReaderConfig("JSONL", "LOAD_AND_FLATTEN", null, null, null, null, null);
    ItemCursor cursor =
        new ItemCursor(
            objects,
            new ItemSource(
                ItemSource.Action.LIST_OBJECTS, Map.of("Bucket", "b", "Prefix", "l/"), flat, 0));

    assertThat(text(cursor.read(0, 10, 1000))).isEqualTo("[{\"a\":1},{\"a\":2},{\"a\":3}]");
  }

  @Test
  void shouldReadAnInventory() throws IOException {
    file(
        """
        {"sourceBucket":"s","destinationBucket":"arn:aws:s3:::b","fileFormat":"CSV",
         "fileSchema":"Bucket, Key, Size","files":[{"key":"data/1.csv.gz","size":9}]}\
        """);
    objects.put("b", "data/1.csv.gz", zipped("\"s\",\"k1\",\"5\"\n\"s\",\"k2\",\"6\"\n"));

    assertThat(json(all(type("MANIFEST"))))
        .isEqualTo(
            List.of(
                Map.of("Bucket", "s", "Key", "k1", "Size", "5"),
                Map.of("Bucket", "s", "Key", "k2", "Size", "6")));
  }

  @Test
  void shouldReadTheFilesOfAnAthenaManifest() throws IOException {
    file("s3://b/out/1\ns3://b/out/2.gz\n");
    objects.put("b", "out/1", "{\"a\":1}\n".getBytes(StandardCharsets.UTF_8));
    objects.put("b", "out/2.gz", zipped("{\"a\":2}\n"));
    ReaderConfig athena = new ReaderConfig("JSONL", null, "ATHENA_DATA", null, null, null, null);

    assertThat(all(athena)).isEqualTo("[{\"a\":1},{\"a\":2}]");
  }

  private static byte[] zipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void shouldRefuseAnItemThatWouldFillTheHeap() {
    for (ReaderConfig config : List.of(type("JSON"), type("JSONL"), csv(null, null))) {
      Endless endless = new Endless(config.inputType().equals("JSON") ? "[\"" : "x");
      ItemCursor cursor =
          new ItemCursor(endless, new ItemSource(ItemSource.Action.GET_OBJECT, FILE, config, 0));

      assertThatThrownBy(() -> cursor.read(0, 1, 1))
          .as(config.inputType())
          .isInstanceOf(ReadRefused.class)
          .hasMessageContaining("maximum number of bytes");
      assertThat(endless.read).as("bytes read").isLessThan(2_000_000);
    }
  }

  @Test
  void shouldReadALongFileWithoutHoldingIt() throws IOException {
    Endless rows = new Endless("a,b\n", "one,two\n");
    ItemCursor cursor =
        new ItemCursor(
            rows, new ItemSource(ItemSource.Action.GET_OBJECT, FILE, csv(null, null), 0));

    ItemCursor.Page page = cursor.read(100_000, 2, 1000);

    assertThat(page.count()).isEqualTo(2);
    assertThat(rows.read).isBetween(800_000L, 900_000L);
  }

  @Test
  void shouldPassOverPagesThatOthersHaveReadWithoutBeginningAgain() throws IOException {
    Endless rows = new Endless("a,b\n", "one,two\n");
    ItemCursor cursor =
        new ItemCursor(
            rows, new ItemSource(ItemSource.Action.GET_OBJECT, FILE, csv(null, null), 0));

    for (int from = 0; from <= 100_000; from += 10_000) {
      assertThat(cursor.read(from, 2, 1000).count()).isEqualTo(2);
    }

    assertThat(rows.read).isBetween(800_000L, 900_000L);
  }

  /** One object that never ends. */
  private static final class Endless implements ObjectStore {

    private final byte[] head;
    private final byte[] body;
    private long read;

    Endless(String head) {
      this(head, "x");
    }

    Endless(String head, String body) {
      this.head = head.getBytes(StandardCharsets.UTF_8);
      this.body = body.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public InputStream open(Map<String, Object> arguments) {
      return new InputStream() {
        @Override
        public int read() {
          long at = read++;
          return at < head.length ? head[(int) at] : body[(int) ((at - head.length) % body.length)];
        }
      };
    }

    @Override
    public long size(Map<String, Object> arguments) {
      throw new AssertionError("it never ends");
    }

    @Override
    public byte[] range(Map<String, Object> arguments, long from, int length) {
      throw new AssertionError("it is read from its beginning");
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

  @Test
  void shouldSayThatItHasNoKafka() {
    ItemSource topic =
        new ItemSource(ItemSource.Action.READ_TOPIC, Map.of("Topic", "t"), ReaderConfig.NONE, 0);
    ItemCursor cursor = new ItemCursor(objects, topic);

    assertThatThrownBy(() -> cursor.read(0, 1, 100))
        .isInstanceOf(ReadRefused.class)
        .hasMessageContaining("no Kafka");
  }
}
