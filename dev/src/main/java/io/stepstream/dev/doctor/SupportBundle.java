package io.stepstream.dev.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.kafka.clients.admin.Admin;

/**
 * A file for whoever is to help, who need not be trusted with secrets: no payload, no key, no
 * message of a log. Everything in it is there because it is named here; nothing is left out for
 * looking like a secret.
 *
 * <p>Each part is gathered by itself. One that can't be, or not in time, is missing, and the
 * manifest says so.
 */
public final class SupportBundle {

  /** Of a part, before it is compressed. */
  static final int LONGEST_PART = 4 << 20;

  private static final int LONGEST_LOG = 1 << 20;
  private static final int MOST_LOGS = 10;
  private static final int MOST_ENDPOINTS = 20;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Installation installation;
  private final Sources sources;
  private final Duration longest;

  /**
   * What is on this machine.
   *
   * @param version of this tool
   * @param environment of a process of Stepstream's
   * @param configs files of properties
   * @param logs files, of which the end is taken
   */
  public record Sources(
      String version, Map<String, String> environment, List<Path> configs, List<Path> logs) {

    public Sources {
      environment = Map.copyOf(environment);
      configs = List.copyOf(configs);
      logs = List.copyOf(logs);
    }
  }

  /**
   * @param longest for gathering all of it
   */
  public SupportBundle(Installation installation, Sources sources, Duration longest) {
    this.installation = installation;
    this.sources = sources;
    this.longest = longest;
  }

  /**
   * Writes the bundle.
   *
   * @return names of the parts that are missing
   */
  public List<String> write(OutputStream out) throws IOException, InterruptedException {
    ObjectNode manifest =
        JsonNodeFactory.instance
            .objectNode()
            .put("made", Instant.now().toString())
            .put("version", sources.version());
    ArrayNode listed = manifest.putArray("parts");
    List<String> missing = new ArrayList<>();
    try (NodeApi api = new NodeApi(installation.apiKey());
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, Gathered> part : gather(parts(api)).entrySet()) {
        ObjectNode entry = listed.addObject().put("part", part.getKey());
        switch (part.getValue()) {
          case Gathered.There(byte[] bytes) -> {
            put(zip, part.getKey(), Arrays.copyOf(bytes, Math.min(bytes.length, LONGEST_PART)));
            entry.put("bytes", bytes.length).put("cut", bytes.length > LONGEST_PART);
          }
          case Gathered.Missing(String why) -> {
            entry.put("missing", why);
            missing.add(part.getKey());
          }
        }
      }
      put(zip, "manifest.json", json(manifest));
    }
    return missing;
  }

  private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(bytes);
    zip.closeEntry();
  }

  // ------------------------------------------------------------------ parts

  private Map<String, Callable<byte[]>> parts(NodeApi api) {
    Map<String, Callable<byte[]>> parts = new LinkedHashMap<>();
    parts.put(
        "findings.json",
        () ->
            JSON.writeValueAsBytes(
                Doctor.examine(installation).stream().map(Finding::withoutDetail).toList()));
    parts.put("machine.json", () -> json(machine()));
    parts.put("configuration.json", () -> json(configuration()));
    String servers = installation.bootstrapServers();
    if (servers != null) {
      parts.put("topics.json", () -> ofKafka(servers, KafkaFigures::topics));
      parts.put("groups.json", () -> ofKafka(servers, KafkaFigures::groups));
    }
    int number = 0;
    for (URI endpoint : installation.endpoints().stream().limit(MOST_ENDPOINTS).toList()) {
      String directory = "endpoint-" + ++number + "/";
      parts.put(directory + "info.json", () -> kept(api, endpoint, "/api/info", Kept.INFO));
      parts.put(
          directory + "health.json", () -> kept(api, endpoint, "/q/health/ready", Kept.HEALTH));
      parts.put(directory + "nodes.json", () -> kept(api, endpoint, "/api/nodes", Kept.NODES));
      parts.put(directory + "queues.json", () -> kept(api, endpoint, "/api/queues", Kept.QUEUES));
      parts.put(
          directory + "dead-letters.json",
          () -> kept(api, endpoint, "/api/dead-letters?limit=200", Kept.LETTERS));
      parts.put(directory + "metrics.txt", () -> metrics(api, endpoint));
    }
    number = 0;
    for (Path log : sources.logs().stream().limit(MOST_LOGS).toList()) {
      parts.put("log-" + ++number + ".txt", () -> ShownLog.of(log, LONGEST_LOG).getBytes(UTF_8));
    }
    return parts;
  }

  private static ObjectNode machine() {
    Runtime runtime = Runtime.getRuntime();
    return JsonNodeFactory.instance
        .objectNode()
        .put("java", Runtime.version().toString())
        .put("vm", Kept.plain(System.getProperty("java.vm.name")))
        .put("os", Kept.plain(System.getProperty("os.name")))
        .put("osVersion", Kept.plain(System.getProperty("os.version")))
        .put("arch", Kept.plain(System.getProperty("os.arch")))
        .put("processors", runtime.availableProcessors())
        .put("heapMaximum", runtime.maxMemory())
        .put("heapUsed", runtime.totalMemory() - runtime.freeMemory())
        .put("zone", Kept.plain(ZoneId.systemDefault().getId()));
  }

  private ArrayNode configuration() throws IOException {
    ShownSettings settings = new ShownSettings();
    settings.addEnvironment(sources.environment());
    int number = 0;
    for (Path config : sources.configs()) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(config)) {
        properties.load(reader);
      } catch (IllegalArgumentException e) {
        throw new IOException("not a file of properties", e);
      }
      Map<String, String> read = new HashMap<>();
      properties.stringPropertyNames().forEach(key -> read.put(key, properties.getProperty(key)));
      settings.add("file " + ++number, read);
    }
    settings.add("kafka client", installation.kafkaClient());
    return settings.all();
  }

  private interface Figures {
    JsonNode of(Admin admin) throws ExecutionException, InterruptedException;
  }

  private byte[] ofKafka(String servers, Figures figures)
      throws ExecutionException, InterruptedException, JsonProcessingException {
    Admin admin = Admin.create(installation.kafka(servers));
    try {
      return json(figures.of(admin));
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  /** Of an answer, whatever its status: one that isn't ready says why. */
  private static byte[] kept(NodeApi api, URI endpoint, String path, Kept kept)
      throws IOException, InterruptedException {
    NodeApi.Reply reply = api.get(endpoint, path);
    ObjectNode shown = JsonNodeFactory.instance.objectNode().put("httpStatus", reply.status());
    JsonNode answer = reply.json();
    if (!answer.isMissingNode()) {
      shown.set("answer", kept.of(answer));
    }
    return json(shown);
  }

  private static byte[] metrics(NodeApi api, URI endpoint)
      throws IOException, InterruptedException {
    NodeApi.Reply reply = api.get(endpoint, "/q/metrics");
    return reply.isGood()
        ? ShownMetrics.of(reply.body()).getBytes(UTF_8)
        : ("HTTP " + reply.status()).getBytes(UTF_8);
  }

  private static byte[] json(JsonNode node) throws JsonProcessingException {
    return JSON.writeValueAsBytes(node);
  }

  // ------------------------------------------------------------------ gathering

  /** What became of a part. */
  private sealed interface Gathered {
    record There(byte[] bytes) implements Gathered {}

    record Missing(String why) implements Gathered {}
  }

  private Map<String, Gathered> gather(Map<String, Callable<byte[]>> parts)
      throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    Map<String, Future<byte[]>> under = new LinkedHashMap<>();
    Map<String, Gathered> gathered = new LinkedHashMap<>();
    try {
      parts.forEach((name, part) -> under.put(name, threads.submit(part)));
      for (Map.Entry<String, Future<byte[]>> part : under.entrySet()) {
        gathered.put(part.getKey(), outcome(part.getValue(), deadline));
      }
    } finally {
      // Not close(): what hangs may hang on without us.
      threads.shutdownNow();
    }
    return gathered;
  }

  private static Gathered outcome(Future<byte[]> part, long deadline) throws InterruptedException {
    try {
      return new Gathered.There(
          part.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
    } catch (TimeoutException _) {
      return new Gathered.Missing("not in time");
    } catch (ExecutionException e) {
      // Without its message, which may quote anything.
      return new Gathered.Missing(Doctor.root(e).getClass().getSimpleName());
    }
  }
}
