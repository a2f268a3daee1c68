package io.stepstream.integrations.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.asl.definition.Distributed.ReaderConfig;
import io.stepstream.asl.items.ItemPage;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ItemSource;
import io.stepstream.asl.items.ObjectStore;
import io.stepstream.integrations.HttpStub;
import io.stepstream.integrations.Visit;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ReadItemsHandlerTest {

  private static final JsonMapper JSON = new JsonMapper();

  private static S3Server server = null;
  private static S3ObjectStore store = null;

  private final AtomicLong nanos = new AtomicLong();
  private final List<Duration> pauses = new ArrayList<>();
  private final OpenSources sources = sources(store);

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
    server.bucket("bucket");
    store = server.store();
  }

  @AfterAll
  static void stop() {
    store.close();
    server.close();
  }

  @AfterEach
  void closeSources() {
    sources.close();
  }

  private OpenSources sources(ObjectStore objects) {
    return new OpenSources(objects, 4, nanos::get);
  }

  private ReadItemsHandler handler(OpenSources open) {
    return new ReadItemsHandler(open, new Attempts(pauses::add));
  }

  private static ReaderConfig type(@Nullable String inputType) {
    return new ReaderConfig(inputType, null, null, null, null, null, null);
  }

  private static ItemSource file(String key, ReaderConfig config) {
    return new ItemSource(ItemSource.Action.GET_OBJECT, S3Server.object("bucket", key), config, 0);
  }

  private static byte[] request(ItemSource source, long from, int items) {
    return new ItemRequest(source, from, null, items, 1_000_000).encode();
  }

  /** All items, page after page. */
  private List<JsonNode> all(ItemSource source, int pageItems) throws Exception {
    return all(handler(sources), source, pageItems, Visit.of(1));
  }

  private static List<JsonNode> all(
      ReadItemsHandler handler, ItemSource source, int pageItems, Visit visit) throws Exception {
    List<JsonNode> items = new ArrayList<>();
    while (true) {
      byte[] answer = handler.handleBytes(request(source, items.size(), pageItems), visit);
      assertThat(answer.length).isLessThanOrEqualTo(262_144);
      JsonNode page = JSON.readTree(answer);
      assertThat(page.get("from").asLong()).isEqualTo(items.size());
      page.get("items").forEach(items::add);
      if (page.get("last").asBoolean()) {
        return items;
      }
      assertThat(page.get("items").size()).isPositive().isLessThanOrEqualTo(pageItems);
    }
  }

  private static List<String> texts(List<JsonNode> items) {
    return items.stream().map(JsonNode::toString).toList();
  }

  @Test
  void shouldReadEveryTypeOfFilePageByPage() throws Exception {
    server.put("bucket", "rows.csv", "a,b\n1,2\n3,4\n5,6\n");
    server.put("bucket", "array.json", "{\"in\":[1,[2],{\"x\":null}]}");
    server.put("bucket", "lines.jsonl", "{\"l\":1}\n{\"l\":2}\n");
    for (String codec : List.of("snappy", "zstd")) {
      try (InputStream file = getClass().getResourceAsStream("people-" + codec + ".parquet")) {
        server.put("bucket", codec + ".parquet", Objects.requireNonNull(file).readAllBytes());
      }
    }

    assertThat(all(file("rows.csv", type("CSV")), 2))
        .isEqualTo(
            List.of(
                JSON.readTree("{\"a\":\"1\",\"b\":\"2\"}"),
                JSON.readTree("{\"a\":\"3\",\"b\":\"4\"}"),
                JSON.readTree("{\"a\":\"5\",\"b\":\"6\"}")));
    ReaderConfig inside = new ReaderConfig("JSON", null, null, null, null, "/in", null);
    assertThat(texts(all(file("array.json", inside), 1)))
        .containsExactly("1", "[2]", "{\"x\":null}");
    assertThat(texts(all(file("lines.jsonl", type("JSONL")), 1)))
        .containsExactly("{\"l\":1}", "{\"l\":2}");
    for (String codec : List.of("snappy", "zstd")) {
      List<String> rows = texts(all(file(codec + ".parquet", type("PARQUET")), 300));
      assertThat(rows).hasSize(1000);
      assertThat(rows.get(998)).isEqualTo("{\"id\":998,\"name\":\"n8\"}");
      assertThat(rows.get(999)).isEqualTo("{\"id\":999,\"name\":null}");
    }
  }

  @Test
  void shouldListMoreThanOnePageOfS3() throws Exception {
    for (int i = 0; i < 1_050; i++) {
      server.put("bucket", "many/%04d".formatted(i), "");
    }
    ItemSource many =
        new ItemSource(
            ItemSource.Action.LIST_OBJECTS,
            Map.of("Bucket", "bucket", "Prefix", "many/"),
            ReaderConfig.NONE,
            0);
    ItemSource few =
        new ItemSource(
            ItemSource.Action.LIST_OBJECTS,
            Map.of("Bucket", "bucket", "Prefix", "many/", "MaxKeys", 7, "StartAfter", "many/1019"),
            ReaderConfig.NONE,
            0);

    List<JsonNode> items = all(many, 300);

    assertThat(items).hasSize(1_050);
    assertThat(items.get(1_049).get("Key").asText()).isEqualTo("many/1049");
    assertThat(items.get(0).get("Size").isIntegralNumber()).isTrue();
    assertThat(items.get(0).get("LastModified").asLong()).isGreaterThan(1_600_000_000);
    assertThat(all(few, 4)).hasSize(30);
  }

  @Test
  void shouldReadTheFilesThatManifestsAndListingsName() throws Exception {
    server.put("bucket", "parts/1", "{\"a\":1}\n{\"a\":2}\n");
    server.put("bucket", "parts/2", "{\"a\":3}\n");
    server.put("bucket", "athena", "s3://bucket/parts/1\ns3://bucket/parts/2\n");
    server.put("bucket", "inventory/data.csv.gz", zipped("\"s\",\"k\"\n"));
    server.put(
        "bucket",
        "inventory/manifest.json",
        """
        {"destinationBucket":"arn:aws:s3:::bucket","fileFormat":"CSV","fileSchema":"Bucket, Key",
         "files":[{"key":"inventory/data.csv.gz"}]}\
        """);
    ReaderConfig flat = new ReaderConfig("JSONL", "LOAD_AND_FLATTEN", null, null, null, null, null);
    ReaderConfig athena = new ReaderConfig("JSONL", null, "ATHENA_DATA", null, null, null, null);

    assertThat(
            texts(
                all(
                    new ItemSource(
                        ItemSource.Action.LIST_OBJECTS,
                        Map.of("Bucket", "bucket", "Prefix", "parts/"),
                        flat,
                        0),
                    2)))
        .containsExactly("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
    assertThat(texts(all(file("athena", athena), 2)))
        .containsExactly("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
    assertThat(all(file("inventory/manifest.json", type("MANIFEST")), 2))
        .containsExactly(JSON.readTree("{\"Bucket\":\"s\",\"Key\":\"k\"}"));
  }

  private static byte[] zipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private void assertRefused(ItemSource source, String cause) {
    assertThatThrownBy(() -> all(source, 10))
        .isInstanceOfSatisfying(
            TaskFailedException.class,
            failed -> {
              assertThat(failed.error()).isEqualTo("States.ItemReaderFailed");
              assertThat(failed.causeText()).startsWith(cause);
            });
    assertThat(pauses).as("asked again").isEmpty();
  }

  @Test
  void shouldTellWhatIsNotThereInTheWordsOfS3() {
    for (String type : List.of("JSON", "PARQUET")) {
      assertRefused(file("missing", type(type)), "The specified key does not exist.");
      assertRefused(
          new ItemSource(
              ItemSource.Action.GET_OBJECT, S3Server.object("no-such-bucket", "k"), type(type), 0),
          "The specified bucket does not exist");
    }
    assertRefused(
        new ItemSource(
            ItemSource.Action.LIST_OBJECTS,
            Map.of("Bucket", "no-such-bucket"),
            ReaderConfig.NONE,
            0),
        "The specified bucket does not exist");
  }

  @Test
  void shouldRefuseArgumentsThatTheActionHasNot() {
    assertRefused(
        new ItemSource(
            ItemSource.Action.GET_OBJECT,
            Map.of("Bucket", "bucket", "Key", "k", "Keyy", "k"),
            type("JSON"),
            0),
        "The field 'Keyy' is not supported by S3's getObject, which takes Bucket, ChecksumMode,");
    assertRefused(
        new ItemSource(
            ItemSource.Action.LIST_OBJECTS,
            Map.of("Bucket", "bucket", "MaxKeys", "7"),
            ReaderConfig.NONE,
            0),
        "The field 'MaxKeys' of S3's listObjectsV2 must be a whole number in the range of its type,"
            + " but is a text.");
    assertRefused(
        new ItemSource(ItemSource.Action.GET_OBJECT, Map.of("Bucket", "bucket"), type("JSON"), 0),
        "The argument 'Key' is required and must be a text.");
  }

  @Test
  void shouldRefuseWhatIsNoRequest() {
    assertThatThrownBy(() -> handler(sources).handleBytes("{}".getBytes(UTF_8), Visit.of(1)))
        .isInstanceOf(TaskFailedException.class)
        .hasMessage("States.ItemReaderFailed: The field 'config' is missing or has another type.");
  }

  @Test
  void shouldNeverAnswerMoreThanATaskMay() throws Exception {
    String row = "\"" + "x".repeat(1_000) + "\"\n";
    server.put("bucket", "long.jsonl", row.repeat(700));
    server.put("bucket", "huge.jsonl", "1\n\"" + "x".repeat(263_000) + "\"\n");

    assertThat(all(file("long.jsonl", type("JSONL")), 1_000)).hasSize(700);
    assertRefused(
        file("huge.jsonl", type("JSONL")),
        "The item at index 1 exceeds the maximum number of bytes service limit.");
  }

  @Test
  void shouldKeepTwoReadingsApart() throws Exception {
    server.put("bucket", "one.jsonl", "1\n2\n3\n");
    server.put("bucket", "two.jsonl", "10\n20\n30\n");
    ReadItemsHandler handler = handler(sources);

    StringBuilder answers = new StringBuilder();
    for (long from = 0; from < 3; from++) {
      for (long frame = 1; frame <= 2; frame++) {
        ItemSource source = file(frame == 1 ? "one.jsonl" : "two.jsonl", type("JSONL"));
        ItemPage.Decoded page =
            ItemPage.decode(handler.handleBytes(request(source, from, 1), Visit.of(frame)));
        answers.append(page.items());
      }
    }

    assertThat(answers).hasToString("[1][10][2][20][3][30]");
  }

  @Test
  void shouldReadTheSameWhenSourcesAreClosedInBetween() throws Exception {
    server.put("bucket", "ten.jsonl", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    ItemSource source = file("ten.jsonl", type("JSONL"));
    CountingStore counting = new CountingStore(store);
    try (OpenSources open = sources(counting)) {
      ReadItemsHandler handler = handler(open);
      for (int from = 0; from < 10; from++) {
        // More readings than may stay open, so that none finds its own again.
        for (int frame = 0; frame < 6; frame++) {
          ItemPage.Decoded page =
              ItemPage.decode(handler.handleBytes(request(source, from, 1), Visit.of(frame)));
          assertThat(page.items()).hasToString("[" + from + "]");
          assertThat(open.size()).isLessThanOrEqualTo(4);
        }
      }
      assertThat(counting.opened).isGreaterThan(50);
    }
    assertThat(counting.closed).isEqualTo(counting.opened);
  }

  @Test
  void shouldStayOpenBetweenPagesAndAttemptsUntilNobodyAsks() throws Exception {
    server.put("bucket", "ten.jsonl", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    ItemSource source = file("ten.jsonl", type("JSONL"));
    CountingStore counting = new CountingStore(store);
    OpenSources open = sources(counting);
    ReadItemsHandler handler = handler(open);

    handler.handleBytes(request(source, 0, 2), Visit.of(1));
    handler.handleBytes(request(source, 2, 2), Visit.of(1).retried());
    assertThat(counting.opened).isEqualTo(1);

    nanos.addAndGet(OpenSources.IDLE.toNanos() - 1);
    open.closeIdle();
    assertThat(open.size()).isEqualTo(1);
    nanos.addAndGet(1);
    open.closeIdle();
    assertThat(open.size()).isZero();
    assertThat(counting.closed).isEqualTo(1);

    assertThat(all(handler, source, 3, Visit.of(1))).hasSize(10);
    assertThat(open.size()).as("the last page closes").isZero();
    assertThat(counting.closed).isEqualTo(2);
    open.close();
  }

  @Test
  void shouldAnswerManyAtOnce() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      lines.append(i).append('\n');
    }
    server.put("bucket", "500.jsonl", lines.toString());
    ItemSource source = file("500.jsonl", type("JSONL"));
    ReadItemsHandler handler = handler(sources);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<JsonNode>>> readings = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        // Each reading twice, as when an order is delivered twice.
        Visit visit = Visit.of(i / 2);
        Callable<List<JsonNode>> reading = () -> all(handler, source, 50, visit);
        readings.add(threads.submit(reading));
      }
      for (Future<List<JsonNode>> reading : readings) {
        assertThat(reading.get()).hasSize(500).last().hasToString("499");
      }
    }
    assertThat(sources.size()).isZero();
  }

  @Test
  void shouldTryAgainAFewTimesAndThenSayWhy() throws Exception {
    HttpStub gone = new HttpStub((exchange, _) -> {});
    gone.close();
    try (S3ObjectStore nobody = S3Server.storeAt(gone.endpoint());
        OpenSources open = sources(nobody)) {
      assertThatThrownBy(
              () -> handler(open).handleBytes(request(file("k", type("JSON")), 0, 1), Visit.of(1)))
          .isInstanceOfSatisfying(
              TaskFailedException.class,
              failed -> {
                assertThat(failed.error()).isEqualTo("States.ItemReaderFailed");
                assertThat(failed.causeText())
                    .contains("Connection refused")
                    .endsWith("(after 4 attempts)");
              });
    }
    assertThat(pauses)
        .containsExactly(Duration.ofMillis(200), Duration.ofMillis(800), Duration.ofMillis(3_200));
  }

  @Test
  void shouldTryAgainWhenS3IsBusyOrBreaksOff() throws Exception {
    try (HttpStub stub =
            new HttpStub(
                (exchange, request) -> {
                  switch (request) {
                    case 1 -> S3Server.error(exchange, 503, "SlowDown", "Reduce your rate");
                    case 2 -> S3Server.error(exchange, 500, "InternalError", "Oops");
                    case 3 -> {
                      exchange.sendResponseHeaders(200, 1_000);
                      exchange.getResponseBody().write("1\n2\n".getBytes(UTF_8));
                      exchange.getResponseBody().flush();
                    }
                    default -> HttpStub.send(exchange, 200, "1\n2\n3\n");
                  }
                });
        S3ObjectStore flaky = S3Server.storeAt(stub.endpoint());
        OpenSources open = sources(flaky)) {

      assertThat(all(handler(open), file("k", type("JSONL")), 10, Visit.of(1))).hasSize(3);
      assertThat(stub.requests()).isEqualTo(4);
    }
  }

  @Test
  void shouldNotAskAgainWhereItMayNot() throws Exception {
    try (HttpStub stub =
            new HttpStub(
                (exchange, _) -> S3Server.error(exchange, 403, "AccessDenied", "Access Denied"));
        S3ObjectStore forbidden = S3Server.storeAt(stub.endpoint());
        OpenSources open = sources(forbidden)) {

      assertThatThrownBy(() -> all(handler(open), file("k", type("CSV")), 10, Visit.of(1)))
          .hasMessage("States.ItemReaderFailed: Access Denied");
      assertThat(stub.requests()).isEqualTo(1);
    }
  }

  @Test
  void shouldFetchNoMoreOfALargeObjectThanItsPagesNeed() throws Exception {
    byte[] line = ("{\"text\":\"" + "x".repeat(989) + "\"}\n").getBytes(UTF_8);
    long lines = 1_000_000; // a gigabyte
    AtomicLong sent = new AtomicLong();
    try (HttpStub stub =
            new HttpStub(
                (exchange, _) -> {
                  exchange.sendResponseHeaders(200, lines * line.length);
                  try (OutputStream body = exchange.getResponseBody()) {
                    for (long i = 0; i < lines; i++) {
                      body.write(line);
                      sent.addAndGet(line.length);
                    }
                  }
                });
        S3ObjectStore large = S3Server.storeAt(stub.endpoint());
        OpenSources open = sources(large)) {
      ReadItemsHandler handler = handler(open);
      long read = 0;
      for (int page = 0; page < 20; page++) {
        read +=
            JSON.readTree(
                    handler.handleBytes(
                        request(file("k", type("JSONL")), read, 100_000), Visit.of(1)))
                .get("items")
                .size();
      }
      assertThat(read).isGreaterThan(5_000);
      // What it sent beyond the pages is in the buffers of the connection's two ends.
      assertThat(sent.get()).isLessThan(read * line.length + 16_000_000);
      assertThat(stub.requests()).isEqualTo(1);
    }
  }

  @Test
  void shouldTouchNothingOfAwsBeforeTheFirstRequest() {
    S3ObjectStore untouched =
        new S3ObjectStore(
            () -> {
              throw new AssertionError("a client is made");
            });
    ReadItemsHandler handler = new ReadItemsHandler(untouched);

    assertThat(handler.serves()).containsExactly("stepstream:readItems");
    assertThat(new WriteObjectHandler(untouched).serves())
        .containsExactly("stepstream:writeObject");
    handler.close();
    untouched.close();
  }

  /** Counts what is open. */
  private static final class CountingStore implements ObjectStore {

    private final ObjectStore objects;
    private int opened;
    private int closed;

    CountingStore(ObjectStore objects) {
      this.objects = objects;
    }

    @Override
    public InputStream open(Map<String, Object> arguments) throws IOException {
      opened++;
      return new FilterInputStream(objects.open(arguments)) {
        @Override
        public void close() throws IOException {
          closed++;
          super.close();
        }
      };
    }

    @Override
    public long size(Map<String, Object> arguments) throws IOException {
      return objects.size(arguments);
    }

    @Override
    public byte[] range(Map<String, Object> arguments, long from, int length) throws IOException {
      return objects.range(arguments, from, length);
    }

    @Override
    public Listing list(Map<String, Object> arguments, @Nullable String continuation)
        throws IOException {
      return objects.list(arguments, continuation);
    }

    @Override
    public void put(Map<String, Object> arguments, byte[] body) throws IOException {
      objects.put(arguments, body);
    }
  }
}
